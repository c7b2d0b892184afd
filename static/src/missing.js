// A picture whose file does not come shows a placeholder with Try again; the rest of the page goes on.
import { t } from "./words.js";

function lost(image) {
  const anchor = image.closest("a") ?? image.closest("ij-zoom") ?? image;
  if (anchor.nextElementSibling?.matches(".missing")) return;
  const box = document.createElement("div");
  box.className = "missing";
  const words = document.createElement("p");
  words.textContent = t("picture_missing");
  const again = document.createElement("button");
  again.type = "button";
  again.className = "button small";
  again.textContent = t("try_again");
  again.addEventListener("click", () => retry(image, box));
  box.append(words, again);
  image.hidden = true;
  anchor.after(box);
}

function retry(image, box) {
  const next = new Image();
  const address = new URL(image.currentSrc || image.src, location.href);
  address.searchParams.set("again", Date.now());
  next.onload = () => {
    image.src = address.href;
    image.hidden = false;
    box.remove();
    image.closest("a")?.focus();
  };
  next.onerror = () => box.querySelector("p").replaceChildren(t("picture_missing_still"));
  next.src = address.href;
}

const isWork = (target) => target instanceof HTMLImageElement && target.closest("main, dialog") && !("preview" in target.dataset) && target.isConnected;

document.addEventListener("error", ({ target }) => isWork(target) && lost(target), true);
// those that failed before this script came
for (const image of document.querySelectorAll("main img[src]:not([loading=lazy])"))
  if (image.complete && !image.naturalWidth && isWork(image)) lost(image);
