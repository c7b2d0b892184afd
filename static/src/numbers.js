// Pure sums behind what is shown; tested by node --test.

/** Rounds seconds to what a person wants to read: {n, unit: "s"|"min"}, or null when unknown. */
export function roundEta(seconds) {
  if (seconds === null || seconds === undefined || !(seconds >= 0)) return null;
  if (seconds < 10) return { n: Math.max(1, Math.round(seconds)), unit: "s" };
  if (seconds < 90) return { n: Math.round(seconds / 5) * 5, unit: "s" };
  return { n: Math.round(seconds / 60), unit: "min" };
}

/** The ordinal form of a place: "one" (21st), "two", "few" or "other". */
export function ordinalForm(n, language = "en") {
  return new Intl.PluralRules(language, { type: "ordinal" }).select(n);
}

/** Whole percent of a fraction 0..1; null stays null. 100 is kept for work that is done. */
export function percent(fraction) {
  if (fraction === null || fraction === undefined) return null;
  return Math.max(0, Math.min(99, Math.floor(fraction * 100)));
}

/** Whole percent of a batch of `total` takes whose open ones have these fractions (null: unknown, counts as none). */
export function batchPercent(fractions, total) {
  const done = total - fractions.length + fractions.reduce((sum, fraction) => sum + (fraction ?? 0), 0);
  return percent(done / total);
}

/** Milliseconds until attempt n (from 0): doubling from `base`, at most `most`, jittered by ±20 % of `chance` 0..1. */
export function backoff(n, { base = 1000, most = 30000, chance = Math.random() } = {}) {
  return Math.round(Math.min(most, base * 2 ** n) * (0.8 + 0.4 * chance));
}

/** Milliseconds between two polls: 1 s, easing to 3 s while nothing changes. */
export function pollDelay(unchanged) {
  return Math.min(3000, 1000 + Math.max(0, unchanged - 4) * 250);
}

/** Where an arrow key leads in a grid of `count` items, `columns` wide; null for keys that do not move. */
export function gridMove(key, at, count, columns) {
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, ArrowDown: at + columns, ArrowUp: at - columns, Home: 0, End: count - 1 }[key];
  if (to === undefined) return null;
  return to >= 0 && to < count ? to : at;
}
