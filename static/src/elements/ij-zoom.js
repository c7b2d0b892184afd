// A picture that can be made larger: wheel, + and −, 0 fits, drag or arrows move it, two fingers do both.
import { FIT, moved, percentShown, zoomed } from "../zoom.js";
import { t } from "../words.js";

const STEP = 1.25;
const PAN_PX = 60;
const KEYS = { "+": "in", "=": "in", "-": "out", "−": "out", 0: "fit" };
const ARROWS = { ArrowLeft: { x: 1, y: 0 }, ArrowRight: { x: -1, y: 0 }, ArrowUp: { x: 0, y: 1 }, ArrowDown: { x: 0, y: -1 } };

class IjZoom extends HTMLElement {
  #view = FIT;
  #fingers = new Map();

  connectedCallback() {
    this.image = this.querySelector("img");
    this.host = this.closest("dialog, ij-canvas");
    this.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    for (const name of ["pointerdown", "pointermove", "pointerup", "pointercancel"]) this.addEventListener(name, this);
    this.addEventListener("dblclick", (event) => this.#show(this.isFit ? zoomed(this.#view, 2, this.#point(event)) : FIT));
    const keys = this.host?.querySelector("[data-zoom-keys]");
    if (keys) keys.hidden = false;
    this.sizes = new ResizeObserver(() => this.#show(this.#view)); // loaded, shown, or in another window
    this.sizes.observe(this.image);
  }

  disconnectedCallback() {
    this.sizes.disconnect();
  }

  get isFit() {
    return this.#view.scale === 1;
  }

  /** "in", "out" or "fit". */
  act(name) {
    this.#show(name === "fit" ? FIT : zoomed(this.#view, name === "in" ? STEP : 1 / STEP));
  }

  /** Takes a key that means something to it and says whether it did. Arrows move only what is larger than its window. */
  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    const arrow = !this.isFit && ARROWS[event.key];
    if (arrow) this.#move({ x: arrow.x * PAN_PX, y: arrow.y * PAN_PX });
    else if (KEYS[event.key]) this.act(KEYS[event.key]);
    else return false;
    event.preventDefault();
    return true;
  }

  handleEvent(event) {
    if (event.type === "pointerdown") {
      if (event.button || (this.isFit && event.pointerType === "mouse")) return;
      this.#fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
      if (!this.isFit) this.setPointerCapture(event.pointerId);
    } else if (event.type !== "pointermove") this.#fingers.delete(event.pointerId);
    else if (this.#fingers.has(event.pointerId)) this.#drag(event);
  }

  #drag(event) {
    const before = this.#fingers.get(event.pointerId);
    const now = { x: event.clientX, y: event.clientY };
    this.#fingers.set(event.pointerId, now);
    const other = [...this.#fingers].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      const distance = (one) => Math.hypot(one.x - other.x, one.y - other.y) || 1;
      this.#show(zoomed(this.#view, distance(now) / distance(before), this.#point({ clientX: other.x, clientY: other.y })));
    } else if (!this.isFit) this.#move({ x: now.x - before.x, y: now.y - before.y });
  }

  /** On a page that scrolls, the wheel alone scrolls it. */
  #wheel(event) {
    if (!this.host && !event.ctrlKey) return;
    event.preventDefault();
    this.#show(zoomed(this.#view, Math.exp(-event.deltaY / 400), this.#point(event)));
  }

  #point({ clientX, clientY }) {
    const { left, top, width, height } = this.getBoundingClientRect();
    return { x: clientX - left - width / 2, y: clientY - top - height / 2 };
  }

  #move(by) {
    const size = { width: this.image.offsetWidth, height: this.image.offsetHeight };
    const view = moved(this.#view, by, size, { width: this.clientWidth, height: this.clientHeight });
    this.#view = view;
    this.image.style.transform = view.scale === 1 ? "" : `translate(${view.x}px, ${view.y}px) scale(${view.scale})`;
    this.toggleAttribute("data-large", view.scale > 1);
    const now = this.host?.querySelector("[data-zoom-now]");
    if (now) now.textContent = t("percent", { n: percentShown(view, this.image.offsetWidth, Number(this.dataset.width)) });
  }

  #show(view) {
    this.#view = view;
    this.#move({ x: 0, y: 0 });
  }
}

customElements.define("ij-zoom", IjZoom);
