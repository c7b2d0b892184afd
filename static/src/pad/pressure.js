// How hard a line is pressed. A real pen says it; a mouse or a finger does not, so there a quick line is a thin one.
// Pure; tested by node --test.
const FAST = 3.2; // px of the sheet per ms: as thin as it gets
const SLOW_SHARE = 0.72; // of the pressure that stays from one point to the next, so that no line jumps
const SPREAD = { pen: 0.8, brush: 1.5, eraser: 0 };

/** 0…1. `before`: the pressure of the last point, null at a stroke's begin; `speed` in px per ms. */
export function pressureOf({ pointerType, pressure }, speed, before) {
  const now = pointerType === "pen" ? pressure : 0.68 - 0.4 * Math.min(1, speed / FAST);
  return before === null ? (pointerType === "pen" ? pressure : 0.5) : before * SLOW_SHARE + now * (1 - SLOW_SHARE);
}

/** The width of a line in px where it is pressed so hard; at 0.5 it is the stroke's own. */
export function widthAt(stroke, pressure) {
  return Math.max(0.6, stroke.width * (1 + SPREAD[stroke.tool] * (pressure - 0.5)));
}
