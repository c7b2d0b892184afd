import assert from "node:assert/strict";
import { test } from "node:test";
import { FIT, MOST, moved, percentShown, zoomed } from "../../static/src/zoom.js";

test("the point under the pointer stays where it is", () => {
  const at = { x: 100, y: -40 };
  const view = zoomed(zoomed(FIT, 2, at), 1.5, at);
  assert.equal(view.scale, 3);
  // the point of the picture at `at` when it fitted lies at `at` still
  assert.deepEqual({ x: view.x + at.x * view.scale, y: view.y + at.y * view.scale }, at);
});

test("it never gets smaller than it fits, nor larger than the most", () => {
  assert.deepEqual(zoomed(FIT, 0.5), FIT);
  assert.deepEqual(zoomed({ scale: 1.2, x: 30, y: 9 }, 0.8), FIT);
  assert.equal(zoomed({ scale: MOST, x: 0, y: 0 }, 2).scale, MOST);
});

test("it moves to its edges and no further", () => {
  const size = { width: 400, height: 200 };
  const frame = { width: 400, height: 400 };
  assert.deepEqual(moved({ scale: 2, x: 0, y: 0 }, { x: 500, y: 50 }, size, frame), { scale: 2, x: 200, y: 0 });
  assert.deepEqual(moved({ scale: 2, x: 0, y: 0 }, { x: -20, y: 0 }, size, frame), { scale: 2, x: -20, y: 0 });
});

test("the percentage is of the picture's own pixels where they are known", () => {
  assert.equal(percentShown(FIT, 512, 1024), 50);
  assert.equal(percentShown({ scale: 2, x: 0, y: 0 }, 512, 0), 200);
});
