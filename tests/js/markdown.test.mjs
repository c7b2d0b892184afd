import assert from "node:assert/strict";
import { test } from "node:test";
import { blocksOf, piecesOf } from "../../static/src/markdown.js";

const kinds = (text) => blocksOf(text).map(({ kind, lines }) => [kind, lines.length]);

test("an answer is cut into its blocks", () => {
  assert.deepEqual(kinds("# Rain\nIt falls.\nAnd on.\n\n- one\n- two\n  more\n\n1. a\n\n> said\n\n```\n- code\n\n```\nend"), [
    ["h", 1], ["p", 2], ["ul", 3], ["ol", 1], ["quote", 1], ["code", 2], ["p", 1],
  ]);
});

test("a fence that is not closed yet is code", () => {
  assert.deepEqual(kinds("so:\n```js\nlet a"), [["p", 1], ["code", 1]]);
});

test("emphasis and code within a line, and nothing of what is half said", () => {
  assert.deepEqual(piecesOf("a **bold** `x<b>` *soft* **ha"), [
    { tag: "", text: "a " }, { tag: "strong", text: "bold" }, { tag: "", text: " " }, { tag: "code", text: "x<b>" },
    { tag: "", text: " " }, { tag: "em", text: "soft" }, { tag: "", text: " **ha" },
  ]);
});
