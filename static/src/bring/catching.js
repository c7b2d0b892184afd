// Files that are dropped anywhere on a page, or pasted into it.
const NEWS = ["dragstart", "dragend", "dragenter", "dragover", "dragleave", "drop", "paste"];

/** Calls `take(files, by)`, by "drop" or "paste"; shows `veil` while files are held over the page. Returns what ends it. */
export function catchFiles(veil, take) {
  let isFromHere = false; // a picture of this very page is dragged

  function over(event) {
    if (isFromHere || !event.dataTransfer?.types.includes("Files") || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    veil.hidden = false;
  }

  const heard = {
    dragstart: () => { isFromHere = true; },
    dragend: () => { isFromHere = false; },
    dragenter: over,
    dragover: over,
    dragleave: (event) => { if (!event.relatedTarget) veil.hidden = true; },
    drop: (event) => {
      if (veil.hidden) return;
      event.preventDefault();
      veil.hidden = true;
      take([...event.dataTransfer.files], "drop");
    },
    paste: (event) => {
      const files = [...(event.clipboardData?.files ?? [])];
      const isWords = event.target.closest?.("input, textarea") && event.clipboardData.types.includes("text/plain");
      if (!files.length || isWords || document.querySelector("dialog[open]")) return;
      event.preventDefault();
      take(files, "paste");
    },
  };
  const hear = (event) => heard[event.type](event);
  for (const name of NEWS) document.addEventListener(name, hear);
  return () => NEWS.forEach((name) => document.removeEventListener(name, hear));
}
