import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const css = readFileSync(new URL("../../static/src/css/tokens.css", import.meta.url), "utf8");
const plain = css.slice(0, css.indexOf("@supports"));
const themed = css.slice(css.indexOf("@supports"));

/** Token values of one theme: {name: [r, g, b]}. */
function theme(column) {
  const pairs = [...themed.matchAll(/--([a-z0-9-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)];
  return Object.fromEntries(pairs.map((pair) => [pair[1], pair[column]]));
}

function luminance(hex) {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** WCAG 2 contrast ratio. */
function contrast(one, other) {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

const GROUNDS = ["ground", "raised", "sunken", "stage"];

for (const [name, column] of [["light", 2], ["dark", 3]]) {
  const values = theme(column);
  test(`text is at least 5.3:1 on every ground in the ${name} theme`, () => {
    for (const text of ["ink", "ink-2", "accent", "ok", "error"])
      for (const ground of GROUNDS) {
        const ratio = contrast(values[text], values[ground]);
        assert.ok(ratio >= 5.3, `${text} on ${ground}: ${ratio.toFixed(2)}`);
      }
  });
  test(`edges of controls are at least 3.2:1 on every ground in the ${name} theme`, () => {
    for (const ground of GROUNDS) {
      const ratio = contrast(values.edge, values[ground]);
      assert.ok(ratio >= 3.2, `edge on ${ground}: ${ratio.toFixed(2)}`);
    }
  });
}

test("the primary button's words are at least 5.3:1 on its fill", () => {
  const value = (name) => plain.match(new RegExp(`--${name}: (#[0-9a-f]{6})`))[1];
  assert.ok(contrast(value("on-fill"), value("fill")) >= 5.3);
});

test("browsers without light-dark() get the light theme's values", () => {
  const light = theme(2);
  assert.ok(Object.keys(light).length >= 11);
  for (const [name, value] of Object.entries(light)) assert.ok(plain.includes(`--${name}: ${value}`), name);
});
