// The keys of the pad that work wherever the focus is; those that draw are in keyboard.js.
import { bareKey } from "../keys.js";

const TOOLS = { p: "pen", b: "brush", e: "eraser" };
const ACTS = { "+": "in", "=": "in", "-": "out", 0: "fit" };
const TEXT = "input[type=text], textarea";

/** `step(way)` undoes or does again, `save()`, `act(act)` zooms; `tools` as in tools.js. */
export function listen({ step, save, act, tools }) {
  document.addEventListener("keydown", (event) => {
    if (document.querySelector("dialog[open]")) return;
    const key = event.key.toLowerCase();
    const held = (event.ctrlKey || event.metaKey) && !event.altKey;
    const way = held && { z: event.shiftKey ? "redo" : "undo", y: "redo" }[key];
    if (way && !event.target.closest(TEXT)) take(event, () => step(way));
    else if (held && key === "s") take(event, save);
    else if (bareKey(event)) single(event, key);
  });

  function single(event, key) {
    if (tools.key(key) || tools.pick(TOOLS[key])) event.preventDefault();
    else if (key in ACTS) take(event, () => act(ACTS[key]));
  }
}

function take(event, does) {
  event.preventDefault();
  does();
}
