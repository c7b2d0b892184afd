// A grid of works is one Tab stop; arrow keys, Home and End walk it.
import { gridMove } from "../numbers.js";

class IjGrid extends HTMLElement {
  #held = null;

  connectedCallback() {
    this.addEventListener("keydown", (event) => this.#walk(event));
    this.addEventListener("focusin", ({ target }) => {
      const item = target.closest("[data-item]");
      if (item) this.#hold(item);
    });
    new MutationObserver((changes) => this.#settle(changes)).observe(this, { childList: true, subtree: true });
    this.#settle();
  }

  /** Those that are in sight: what was deleted stays hidden on the page until its Undo is over. */
  get #items() {
    return [...this.querySelectorAll("[data-item]")].filter((item) => !item.closest("[hidden]"));
  }

  /** New items are no Tab stops; one of all is. */
  #settle(changes = [{ addedNodes: [this] }]) {
    for (const { addedNodes } of changes)
      for (const node of addedNodes)
        for (const item of node.querySelectorAll?.("[data-item]") ?? []) if (item !== this.#held) item.tabIndex = -1;
    if (!this.#held?.isConnected) this.#held = null;
    const first = this.#held ?? this.#items[0];
    if (first) this.#hold(first);
  }

  #hold(item) {
    if (this.#held && this.#held !== item) this.#held.tabIndex = -1;
    this.#held = item;
    item.tabIndex = 0;
  }

  /** Columns are counted from where items really lie, so every width works. */
  #walk(event) {
    const items = this.#items;
    const at = items.indexOf(event.target.closest("[data-item]"));
    if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const top = items[0].getBoundingClientRect().top;
    const next = items.findIndex((item) => item.getBoundingClientRect().top > top + 4);
    const to = gridMove(event.key, at, items.length, next < 0 ? items.length : next);
    if (to === null) return;
    event.preventDefault();
    items[to].focus();
  }
}

customElements.define("ij-grid", IjGrid);
