// Draws strokes on a 2D context, piece by piece as they come or whole: the same pixels either way.
import { widthAt } from "./pressure.js";

export const BRUSH_ALPHA = 0.55;

/** The pieces of `stroke` from point `from` on. Each is a curve between the middles of its neighbours. */
export function drawFrom(context, stroke, from = 0) {
  context.lineCap = context.lineJoin = "round";
  context.strokeStyle = context.fillStyle = stroke.colour;
  const last = stroke.points.length / 3 - 1;
  if (from <= 0) dot(context, stroke);
  for (let at = Math.max(1, from); at <= last; at += 1) piece(context, stroke, at);
}

/** From the last middle to the last point: what a stroke gets when it ends. */
export function drawEnd(context, stroke) {
  const last = stroke.points.length / 3 - 1;
  if (last < 1) return;
  const [[ax, ay], [bx, by, pressure]] = [middle(stroke, last), point(stroke, last)];
  context.lineWidth = widthAt(stroke, pressure);
  context.beginPath();
  context.moveTo(ax, ay);
  context.lineTo(bx, by);
  context.stroke();
}

function dot(context, stroke) {
  const [x, y, pressure] = point(stroke, 0);
  context.beginPath();
  context.arc(x, y, widthAt(stroke, pressure) / 2, 0, Math.PI * 2);
  context.fill();
}

function piece(context, stroke, at) {
  const [cx, cy, before] = point(stroke, at - 1);
  const [ax, ay] = at > 1 ? middle(stroke, at - 1) : [cx, cy];
  const [bx, by] = middle(stroke, at);
  context.lineWidth = (widthAt(stroke, before) + widthAt(stroke, stroke.points[at * 3 + 2])) / 2;
  context.beginPath();
  context.moveTo(ax, ay);
  context.quadraticCurveTo(cx, cy, bx, by);
  context.stroke();
}

function point(stroke, at) {
  return stroke.points.slice(at * 3, at * 3 + 3);
}

function middle(stroke, at) {
  const { points } = stroke;
  const [a, b] = [(at - 1) * 3, at * 3];
  return [(points[a] + points[b]) / 2, (points[a + 1] + points[b + 1]) / 2];
}
