import assert from "node:assert/strict";
import { test } from "node:test";
import { wordDiff } from "../../static/src/word-diff.js";

const told = (before, after) => wordDiff(before, after).map(({ text, is }) => `${is}:${text.trim()}`);

test("what stays, what goes and what comes is told by words", () => {
  assert.deepEqual(told("a quiet sea", "a quiet evening sea in gold"), ["same:a quiet", "new:evening", "same:sea", "new:in gold"]);
  assert.deepEqual(told("a red sea", "a blue sea"), ["same:a", "gone:red", "new:blue", "same:sea"]);
  assert.deepEqual(told("same words", "same words"), ["same:same words"]);
});

test("a comma after a word does not make it another word", () => {
  assert.deepEqual(told("waves in gold", "waves in gold, low sun."), ["same:waves in gold", "new:, low sun."]);
  assert.deepEqual(told("3.5 litres of a-b", "3.5 litres of a-b!"), ["same:3.5 litres of a-b", "new:!"]);
});

test("both texts can be read from the pieces", () => {
  const before = "one two  three\nfour five", after = "zero one three four six five";
  const pieces = wordDiff(before, after);
  const read = (...kinds) => pieces.filter(({ is }) => kinds.includes(is)).map(({ text }) => text).join("").split(/\s+/).filter(Boolean);
  assert.deepEqual(read("same", "gone"), before.split(/\s+/));
  assert.deepEqual(read("same", "new"), after.split(/\s+/));
});
