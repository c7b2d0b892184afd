// A short notice at the foot of the page, with Undo where something can be taken back.
import { alertNow, say } from "./say.js";
import { t } from "./words.js";

const SHOWN_MS = 10_000;

/** Shows `message` for 10 s. `undo`: called when the person takes it back. `urgent`: an error of one's own action. */
export function toast(message, { undo = null, urgent = false } = {}) {
  const shelf = document.getElementById("toasts");
  const box = document.createElement("div");
  box.className = "toast";
  const text = document.createElement("span");
  text.textContent = message;
  box.append(text);
  if (undo) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button small";
    button.textContent = t("undo");
    button.addEventListener("click", () => { box.remove(); undo(); });
    box.append(button);
  }
  shelf.append(box);
  // A modal dialog makes the rest of the page inert: the shelf goes inside it and returns when it closes.
  const host = document.querySelector("dialog[open]") ?? document.body;
  if (shelf.parentElement !== host) host.append(shelf);
  if (urgent) alertNow(message);
  else say(message);
  setTimeout(() => box.remove(), SHOWN_MS);
}
