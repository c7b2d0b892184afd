// The pencil of the prompt box: the pad opens in the shape and size that the box has, and takes its words along.
import { bareKey } from "./keys.js";

const CARRIED = ["shape", "size", "width", "height", "prompt"];

function address(link) {
  const to = new URL(link.href);
  const form = document.getElementById("prompt");
  if (form) for (const [name, value] of new FormData(form)) if (CARRIED.includes(name) && value) to.searchParams.set(name, value);
  return to;
}

export function start() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-draw]");
    if (link) link.href = address(link);
  });
  document.addEventListener("keydown", (event) => {
    const link = document.querySelector("a[data-draw]");
    if (!link || event.key !== "d" || !bareKey(event) || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    link.click();
  });
}
