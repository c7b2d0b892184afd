import assert from "node:assert/strict";
import { test } from "node:test";
import { backoff, batchPercent, gridMove, ordinalForm, percent, pollDelay, roundEta } from "../../static/src/numbers.js";

test("an estimate is rounded as a person reads it", () => {
  const table = [
    [0, { n: 1, unit: "s" }], [3.4, { n: 3, unit: "s" }], [9.4, { n: 9, unit: "s" }], [12, { n: 10, unit: "s" }],
    [43, { n: 45, unit: "s" }], [89, { n: 90, unit: "s" }], [90, { n: 2, unit: "min" }], [600, { n: 10, unit: "min" }],
    [null, null], [undefined, null], [-1, null], [NaN, null],
  ];
  for (const [seconds, expected] of table) assert.deepEqual(roundEta(seconds), expected, `${seconds} s`);
});

test("a place in line takes the right ending", () => {
  const forms = [1, 2, 3, 4, 11, 12, 13, 21, 22, 103, 111].map((n) => ordinalForm(n, "en"));
  assert.deepEqual(forms, ["one", "two", "few", "other", "other", "other", "other", "one", "two", "few", "other"]);
});

test("a hundred percent is kept for work that is done", () => {
  assert.deepEqual([0, 0.004, 0.5, 0.999, 1, 7, -1, null, undefined].map(percent), [0, 0, 50, 99, 99, 99, 0, null, null]);
});

test("a batch counts what is done and how far the open takes are", () => {
  assert.deepEqual([[[0.5, null], 4], [[null], 1], [[1, 1], 2], [[], 4]].map(([open, total]) => batchPercent(open, total)), [62, 0, 99, 99]);
});

test("reconnecting waits longer each time, up to half a minute, with a jitter of a fifth", () => {
  assert.deepEqual([0, 1, 2, 3, 4, 5, 9].map((n) => backoff(n, { chance: 0.5 })), [1000, 2000, 4000, 8000, 16000, 30000, 30000]);
  assert.equal(backoff(0, { chance: 0 }), 800);
  assert.equal(backoff(0, { chance: 1 }), 1200);
});

test("polling eases from one second to three while nothing changes", () => {
  assert.deepEqual([0, 4, 5, 8, 12, 100].map(pollDelay), [1000, 1000, 1250, 2000, 3000, 3000]);
});

test("arrow keys walk a grid and stop at its edges", () => {
  // 7 items, 3 columns: 0 1 2 / 3 4 5 / 6
  const table = [
    ["ArrowRight", 0, 1], ["ArrowRight", 6, 6], ["ArrowLeft", 0, 0], ["ArrowDown", 1, 4], ["ArrowDown", 4, 4],
    ["ArrowUp", 4, 1], ["ArrowUp", 1, 1], ["Home", 5, 0], ["End", 0, 6], ["a", 3, null],
  ];
  for (const [key, at, to] of table) assert.equal(gridMove(key, at, 7, 3), to, `${key} at ${at}`);
});
