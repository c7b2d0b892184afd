// Pure sums of the viewer's zoom; tested by node --test. A view is {scale, x, y}: 1 fits, x and y in px from the middle.
export const FIT = { scale: 1, x: 0, y: 0 };
export const MOST = 8;
const NEAR_FIT = 1.02;

/** The view `factor` times as large, with the point `at` ({x, y} from the middle) staying where it is. */
export function zoomed(view, factor, at = { x: 0, y: 0 }) {
  const scale = Math.min(MOST, Math.max(1, view.scale * factor));
  if (scale < NEAR_FIT) return FIT;
  const grown = scale / view.scale;
  return { scale, x: at.x - (at.x - view.x) * grown, y: at.y - (at.y - view.y) * grown };
}

/** The view moved by {x, y}, no further than an edge of the picture. `size`: the picture as fitted, `frame`: the window. */
export function moved(view, by, size, frame) {
  const reach = (side) => Math.max(0, (size[side] * view.scale - frame[side]) / 2);
  const hold = (value, most) => Math.min(most, Math.max(-most, value));
  return { scale: view.scale, x: hold(view.x + by.x, reach("width")), y: hold(view.y + by.y, reach("height")) };
}

/** Whole percent of the picture's own pixels; of the fitted size where those are not known. */
export function percentShown(view, fittedWidth, ownWidth) {
  return Math.round(100 * view.scale * (ownWidth ? fittedWidth / ownWidth : 1));
}
