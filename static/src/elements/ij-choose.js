// Choosing lines of a list: boxes, Space, Shift with arrows, Ctrl A, Esc. What is done with them is a plain form.
// Without scripts the boxes and the form do the same.
import { say } from "../say.js";
import { t } from "../words.js";

const WALKS = new Set(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"]);

class IjChoose extends HTMLElement {
  #anchor = null; // the box where a range begins

  connectedCallback() {
    this.form = this.querySelector("form.bulk");
    this.addEventListener("click", (event) => this.#click(event));
    this.addEventListener("change", ({ target }) => target.name === "ids" && this.#changed());
    this.addEventListener("keydown", (event) => this.#key(event));
    // one field instead of hundreds: a server takes no more fields than a thousand
    this.form.addEventListener("formdata", ({ formData }) => formData.set("ids", this.#ids.join()));
    new MutationObserver(() => this.#settle()).observe(this, { childList: true, subtree: true });
    this.#settle();
    this.#changed();
  }

  get #boxes() {
    return [...this.querySelectorAll("input[name=ids]")];
  }

  get #ids() {
    return this.#boxes.filter((box) => box.checked).map((box) => box.value);
  }

  /** A box is reached by its line's link and Space, so that the list stays one Tab stop. */
  #settle() {
    for (const box of this.querySelectorAll('input[name=ids]:not([tabindex="-1"])')) {
      if (box.closest("[data-tile]").querySelector("[data-item]")) box.tabIndex = -1;
    }
  }

  #click(event) {
    if (event.target.closest("[data-none]")) return this.#choose([]);
    const box = event.target.closest("input[name=ids]");
    if (!box) return;
    if (event.shiftKey && this.#anchor) this.#range(box);
    else this.#anchor = box;
  }

  #key(event) {
    const item = event.target.closest("[data-item]");
    const box = item?.closest("[data-tile]").querySelector("input[name=ids]");
    if (event.key === "Escape" && this.#ids.length) this.#choose([]);
    else if (box && event.key === " ") this.#toggle(box);
    else if (item && (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "a") this.#choose(this.#boxes);
    else if (box && event.shiftKey && WALKS.has(event.key)) {
      this.#anchor ??= box;
      this.#range(document.activeElement.closest("[data-tile]").querySelector("input[name=ids]")); // the grid moved already
    } else return;
    event.preventDefault();
  }

  #toggle(box) {
    this.#anchor = box;
    box.checked = !box.checked;
    this.#changed();
  }

  #range(to) {
    const boxes = this.#boxes;
    const [from, end] = [boxes.indexOf(this.#anchor), boxes.indexOf(to)].sort((one, other) => one - other);
    for (const box of boxes.slice(from, end + 1)) box.checked = true;
    this.#changed();
  }

  #choose(wanted) {
    const chosen = new Set(wanted);
    for (const box of this.#boxes) box.checked = chosen.has(box);
    this.#anchor = null;
    this.#changed();
  }

  #changed() {
    const words = t("n_chosen", { n: this.#ids.length });
    const any = this.#ids.length > 0;
    this.form.toggleAttribute("data-on", any);
    this.form.hidden = !any;
    this.querySelector("[data-chosen]").textContent = words;
    this.querySelector("[data-none]").hidden = false;
    if (any || this.said) say(words);
    this.said = any;
  }
}

customElements.define("ij-choose", IjChoose);
