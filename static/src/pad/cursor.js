// Drawing by keys: a cursor that the arrows move, a pen that the space bar lowers and lifts. Pure; tested by node --test.
const SIDE = 0.02; // of the sheet's longer side by one key
const FINE = 0.005;
const FAR = 0.1;
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const CORNERS = { Home: 0, End: 1 };

export function startOf(sheet) {
  return { x: sheet.width / 2, y: sheet.height / 2 };
}

/** Where the cursor stands after this key, null for a key that does not move it. Shift: far; Alt: fine. */
export function movedBy({ key, shiftKey, altKey }, at, sheet) {
  if (key in CORNERS) return { ...at, x: CORNERS[key] * sheet.width };
  if (key === "PageUp" || key === "PageDown") return { ...at, y: key === "PageUp" ? 0 : sheet.height };
  if (!(key in WAYS)) return null;
  const step = Math.max(sheet.width, sheet.height) * (shiftKey ? FAR : altKey ? FINE : SIDE);
  const [x, y] = WAYS[key];
  return { x: within(at.x + x * step, sheet.width), y: within(at.y + y * step, sheet.height) };
}

function within(value, most) {
  return Math.min(most, Math.max(0, value));
}

/** Points on the way, so that a line drawn by keys is as smooth as one drawn by hand. */
export function between(from, to, step = 8) {
  const count = Math.max(1, Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / step));
  return Array.from({ length: count }, (_, at) => {
    const share = (at + 1) / count;
    return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
  });
}

/** Whole percents from the left and from the top. */
export function percentsOf(at, sheet) {
  return { x: Math.round((100 * at.x) / sheet.width), y: Math.round((100 * at.y) / sheet.height) };
}
