// What is drawn, as data: a document of strokes that can be kept, sent and drawn again. Pure; tested by node --test.
// A stroke is {tool, colour, width, points}; points are x, y, pressure in a row, in px of the sheet and 0…1.
export const TOOLS = ["pen", "brush", "eraser"];
export const NARROWEST = 1;
export const WIDEST = 160;
const STEP_PX = 0.7; // a point nearer to the last one than this tells nothing new
const SIDES = { least: 16, most: 2048 };
const COLOUR = /^#[0-9a-f]{6}$/;

/** A sheet without a stroke. `over`: the id of the picture that lies under it; `under`: it belongs to the drawing. */
export function emptySheet({ width, height, ground = "#ffffff", over = null, under = true }) {
  return { version: 1, width: side(width), height: side(height), ground, over, under, strokes: [] };
}

function side(px) {
  return Math.round(Math.min(SIDES.most, Math.max(SIDES.least, Number(px) || 1024)));
}

export function newStroke(tool, colour, width) {
  return { tool, colour, width: Math.min(WIDEST, Math.max(NARROWEST, width)), points: [] };
}

/** Adds a point; false where it is as good as the last one. What leaves the sheet comes back where it does, cut off. */
export function addPoint(stroke, sheet, { x, y, pressure = 0.5 }) {
  const at = [round(near(x, sheet.width), 10), round(near(y, sheet.height), 10), round(hold(pressure, 0, 1), 100)];
  const { points } = stroke;
  const last = points.length - 3;
  if (last >= 0 && Math.hypot(points[last] - at[0], points[last + 1] - at[1]) < STEP_PX) return false;
  points.push(...at);
  return true;
}

function near(value, size) {
  return hold(value, -size, 2 * size);
}

function hold(value, least, most) {
  return Math.min(most, Math.max(least, value));
}

function round(value, parts) {
  return Math.round(value * parts) / parts;
}

/** The box around points `from` to the last, grown by the widest line; whole px within the sheet, null outside of it. */
export function boundsOf(stroke, sheet, from = 0) {
  const { points } = stroke;
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let at = Math.max(0, from) * 3; at < points.length; at += 3) {
    left = Math.min(left, points[at]);
    right = Math.max(right, points[at]);
    top = Math.min(top, points[at + 1]);
    bottom = Math.max(bottom, points[at + 1]);
  }
  const room = stroke.width + 2;
  const [x, y] = [Math.max(0, Math.floor(left - room)), Math.max(0, Math.floor(top - room))];
  const width = Math.min(sheet.width, Math.ceil(right + room)) - x;
  const height = Math.min(sheet.height, Math.ceil(bottom + room)) - y;
  return width > 0 && height > 0 ? { x, y, width, height } : null;
}

const told = new WeakMap(); // a stroke that is done never changes: it is written out once

/** The document as JSON; a long drawing is joined from what was written before. */
export function toJson(sheet) {
  const { strokes, ...rest } = sheet;
  const written = strokes.map((stroke) => {
    if (!told.has(stroke)) told.set(stroke, JSON.stringify(stroke));
    return told.get(stroke);
  });
  return `${JSON.stringify(rest).slice(0, -1)},"strokes":[${written.join(",")}]}`;
}

/** The document of `text`, null for what is none: what lies on a device may be old, cut off or somebody else's. */
export function fromJson(text) {
  try {
    const sheet = JSON.parse(text);
    return isSheet(sheet) ? sheet : null;
  } catch {
    return null;
  }
}

export function isSheet(sheet) {
  return Boolean(sheet) && sheet.version === 1 && side(sheet.width) === sheet.width && side(sheet.height) === sheet.height
    && Array.isArray(sheet.strokes) && sheet.strokes.every(isStroke);
}

function isStroke(stroke) {
  return Boolean(stroke) && TOOLS.includes(stroke.tool) && COLOUR.test(stroke.colour) && stroke.width >= NARROWEST
    && stroke.width <= WIDEST && Array.isArray(stroke.points) && stroke.points.length >= 3 && stroke.points.length % 3 === 0
    && stroke.points.every(Number.isFinite);
}
