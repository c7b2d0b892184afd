import assert from "node:assert/strict";
import { test } from "node:test";
import { drawingKey, drawingsOf, forgetDrafts } from "../../static/src/drafts.js";
import { between, movedBy, percentsOf, startOf } from "../../static/src/pad/cursor.js";
import { History } from "../../static/src/pad/history.js";
import { Pointers } from "../../static/src/pad/pointers.js";
import { pressureOf, widthAt } from "../../static/src/pad/pressure.js";
import { addPoint, boundsOf, emptySheet, fromJson, newStroke, toJson } from "../../static/src/pad/strokes.js";

const SHEET = emptySheet({ width: 200, height: 100 });
const stroke = (...points) => ({ ...newStroke("pen", "#1f1b16", 6), points: points.flat() });

test("a point beside the last one tells nothing new, and one outside of the sheet is kept as it is", () => {
  const line = newStroke("pen", "#1f1b16", 6);
  assert.equal(addPoint(line, SHEET, { x: 10, y: 10.04 }), true);
  assert.equal(addPoint(line, SHEET, { x: 10.3, y: 10 }), false);
  assert.equal(addPoint(line, SHEET, { x: -30, y: 900, pressure: 7 }), true);
  assert.deepEqual(line.points, [10, 10, 0.5, -30, 200, 1]);
});

test("a drawing is the same after it was written out and read again", () => {
  const sheet = { ...SHEET, strokes: [stroke([1, 2, 0.5], [30, 40, 0.7]), { ...stroke([5, 5, 0.5]), tool: "eraser" }] };
  assert.deepEqual(fromJson(toJson(sheet)), sheet);
});

test("what is cut off, of another shape or no drawing at all is none", () => {
  const good = toJson({ ...SHEET, strokes: [stroke([1, 2, 0.5])] });
  assert.ok(fromJson(good));
  for (const bad of [good.slice(0, -4), "null", "{}", good.replace("pen", "hammer"), good.replace("#1f1b16", "red"),
    good.replace("[1,2,0.5]", "[1,2]"), good.replace('"width":200', '"width":90000')]) assert.equal(fromJson(bad), null, bad);
});

test("the box around a line holds its width and ends at the sheet", () => {
  assert.deepEqual(boundsOf(stroke([50, 50, 0.5], [195, 60, 0.5]), SHEET), { x: 42, y: 42, width: 158, height: 26 });
  assert.equal(boundsOf(stroke([-90, -90, 0.5]), SHEET), null);
});

test("clearing is taken back like a stroke, and a new act ends what could be done again", () => {
  const history = new History();
  assert.equal(history.clear(), false);
  const [one, two] = [stroke([1, 1, 1]), stroke([2, 2, 1])];
  history.add(one);
  assert.equal(history.clear(), true);
  assert.deepEqual(history.shown, []);
  history.undo();
  assert.deepEqual(history.shown, [one]);
  history.redo();
  history.add(two);
  assert.deepEqual(history.shown, [two]);
  assert.equal(history.redo(), null);
  history.undo();
  history.undo();
  history.undo();
  assert.equal(history.undo(), null);
});

test("arrows move by a fiftieth of the longer side, with Shift five times as far, never off the sheet", () => {
  const start = startOf(SHEET);
  assert.deepEqual(percentsOf(start, SHEET), { x: 50, y: 50 });
  assert.deepEqual(movedBy({ key: "ArrowRight" }, start, SHEET), { x: 104, y: 50 });
  assert.deepEqual(movedBy({ key: "ArrowUp", altKey: true }, start, SHEET), { x: 100, y: 49 });
  assert.deepEqual(movedBy({ key: "ArrowDown", shiftKey: true }, { x: 100, y: 90 }, SHEET), { x: 100, y: 100 });
  assert.deepEqual(movedBy({ key: "Home" }, start, SHEET), { x: 0, y: 50 });
  assert.equal(movedBy({ key: "a" }, start, SHEET), null);
});

test("a line by keys has points on its way and ends where the cursor stands", () => {
  assert.deepEqual(between({ x: 0, y: 0 }, { x: 24, y: 0 }), [{ x: 8, y: 0 }, { x: 16, y: 0 }, { x: 24, y: 0 }]);
  assert.deepEqual(between({ x: 3, y: 3 }, { x: 3, y: 3 }), [{ x: 3, y: 3 }]);
});

test("one pointer draws at a time, and the hand beside the pen does not", () => {
  const pointers = new Pointers();
  const [finger, pen] = [{ pointerId: 1, pointerType: "touch", button: 0, isPrimary: true }, { pointerId: 2, pointerType: "pen", button: 0, isPrimary: true }];
  assert.equal(pointers.take(finger, 0), true);
  assert.equal(pointers.take({ ...finger, pointerId: 3, isPrimary: false }, 1), false);
  assert.equal(pointers.take(pen, 2), false);
  pointers.release();
  assert.equal(pointers.take(pen, 5000), true);
  pointers.release();
  assert.equal(pointers.take(finger, 5600), false);
  assert.equal(pointers.take(finger, 9000), true);
  pointers.release();
  assert.equal(pointers.take({ ...finger, pointerType: "mouse", button: 2 }, 9001), false);
});

test("a pen's pressure makes the width; a quick mouse draws thinner than a slow one; an eraser is as wide as it says", () => {
  const pen = newStroke("pen", "#000000", 10);
  assert.equal(widthAt(pen, 0.5), 10);
  assert.ok(widthAt(pen, 1) > widthAt(pen, 0.1));
  assert.equal(widthAt(newStroke("eraser", "#000000", 10), 1), 10);
  const mouse = { pointerType: "mouse", pressure: 0.5 };
  assert.ok(pressureOf(mouse, 3, 0.5) < pressureOf(mouse, 0.1, 0.5));
  assert.equal(pressureOf({ pointerType: "pen", pressure: 0.9 }, 0, null), 0.9);
});

test("a drawing under way belongs to one person of this device, and leaves with her", () => {
  const kept = new Map([[drawingKey("mia", "/studio/draw/"), "x"], [drawingKey("mia", "https://elsewhere/"), "x"], [drawingKey("noah", "/studio/draw/"), "x"]]);
  const device = {
    get length() { return kept.size; },
    key: (at) => [...kept.keys()][at],
    getItem: (key) => kept.get(key) ?? null,
    removeItem: (key) => kept.delete(key),
  };
  assert.deepEqual(drawingsOf("mia", device), ["/studio/draw/"]);
  forgetDrafts("mia", device);
  assert.deepEqual([...kept.keys()], [drawingKey("noah", "/studio/draw/")]);
});
