// Draws strokes on a 2D context. Pieces as wide as their neighbours are one path: where two paths overlap, a see-through
// edge would show as a bead.
import { widthAt } from "./pressure.js";

export const BRUSH_ALPHA = 0.55;
const GRAIN = 2; // widths are told apart by half a px

/** The pieces from point `from` on, while the stroke is under way. Each is a curve between the middles of its neighbours. */
export function drawFrom(context, stroke, from = 0) {
  prepare(context, stroke);
  if (from <= 0) dot(context, stroke);
  pieces(context, stroke, Math.max(1, from));
}

/** All of a stroke that is done. */
export function drawWhole(context, stroke) {
  drawFrom(context, stroke);
  drawEnd(context, stroke);
}

/** From the last middle to the last point: what a stroke gets when it ends. */
export function drawEnd(context, stroke) {
  const last = stroke.points.length / 3 - 1;
  if (last < 1) return;
  prepare(context, stroke);
  const [[ax, ay], [bx, by, pressure]] = [middle(stroke, last), point(stroke, last)];
  context.lineWidth = grained(widthAt(stroke, pressure));
  context.beginPath();
  context.moveTo(ax, ay);
  context.lineTo(bx, by);
  context.stroke();
}

function prepare(context, stroke) {
  context.lineCap = context.lineJoin = "round";
  context.strokeStyle = context.fillStyle = stroke.colour;
}

function dot(context, stroke) {
  const [x, y, pressure] = point(stroke, 0);
  context.beginPath();
  context.arc(x, y, widthAt(stroke, pressure) / 2, 0, Math.PI * 2);
  context.fill();
}

function pieces(context, stroke, from) {
  const count = stroke.points.length / 3;
  let width = null;
  for (let at = from; at < count; at += 1) {
    const [cx, cy, before] = point(stroke, at - 1);
    const wide = grained((widthAt(stroke, before) + widthAt(stroke, stroke.points[at * 3 + 2])) / 2);
    if (wide !== width) {
      if (width !== null) context.stroke();
      context.beginPath();
      context.moveTo(...(at > 1 ? middle(stroke, at - 1) : [cx, cy]));
      context.lineWidth = width = wide;
    }
    context.quadraticCurveTo(cx, cy, ...middle(stroke, at));
  }
  if (width !== null) context.stroke();
}

function grained(width) {
  return Math.round(width * GRAIN) / GRAIN || 1 / GRAIN;
}

function point(stroke, at) {
  return stroke.points.slice(at * 3, at * 3 + 3);
}

function middle(stroke, at) {
  const { points } = stroke;
  const [a, b] = [(at - 1) * 3, at * 3];
  return [(points[a] + points[b]) / 2, (points[a + 1] + points[b + 1]) / 2];
}
