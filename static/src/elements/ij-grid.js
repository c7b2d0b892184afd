// A grid of works is one Tab stop; arrow keys, Home and End walk it.
import { gridMove } from "../numbers.js";

class IjGrid extends HTMLElement {
  connectedCallback() {
    this.addEventListener("keydown", (event) => this.#walk(event));
    this.addEventListener("focusin", ({ target }) => {
      const item = target.closest("[data-item]");
      if (item) this.#hold(item);
    });
    new MutationObserver(() => this.#settle()).observe(this, { childList: true, subtree: true });
    this.#settle();
  }

  get #items() {
    return [...this.querySelectorAll("[data-item]")];
  }

  #settle() {
    const items = this.#items;
    if (items.length) this.#hold(items.find((item) => item === document.activeElement) ?? items.find((item) => item.tabIndex === 0 && item.dataset.held) ?? items[0]);
  }

  #hold(held) {
    for (const item of this.#items) {
      item.tabIndex = item === held ? 0 : -1;
      if (item === held) item.dataset.held = "1";
      else delete item.dataset.held;
    }
  }

  /** Columns are counted from where items really lie, so every width works. */
  #walk(event) {
    const items = this.#items;
    const at = items.indexOf(event.target.closest("[data-item]"));
    if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const top = items[0].getBoundingClientRect().top;
    const columns = Math.max(1, items.findIndex((item) => item.getBoundingClientRect().top > top + 4));
    const isOneRow = items.at(-1).getBoundingClientRect().top <= top + 4;
    const to = gridMove(event.key, at, items.length, isOneRow ? items.length : columns);
    if (to === null) return;
    event.preventDefault();
    items[to].focus();
  }
}

customElements.define("ij-grid", IjGrid);
