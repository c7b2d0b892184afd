// The panes of a workspace: [ folds the list, ] the details, both remembered on this device; on phones tabs show one of them.
import { bareKey } from "../keys.js";

const SIDES = { "[": "list", "]": "side" };
const NARROW = "(max-width: 1023px)";
const OVERLAY = "(max-width: 1279px)"; // there a side lies over the stage, so it begins folded

class IjPanes extends HTMLElement {
  connectedCallback() {
    this.classList.add("ready");
    const tabs = this.querySelector(".pane-tabs");
    for (const tab of tabs.querySelectorAll("[data-tab]")) tab.hidden = !this.#isTab(tab.dataset.tab);
    tabs.hidden = tabs.querySelectorAll("[data-tab]:not([hidden])").length < 2;
    for (const side of Object.values(SIDES)) this.#fold(side, this.#remembered(side));
    this.first = this.dataset.first ?? "stage";
    this.show(this.first);
    this.addEventListener("click", this);
    document.addEventListener("keydown", this);
    document.addEventListener("click", this);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this);
    document.removeEventListener("click", this);
  }

  handleEvent(event) {
    if (event.type === "keydown") {
      if (!(event.key in SIDES) || !bareKey(event) || document.querySelector("dialog[open]")) return;
      event.preventDefault();
      return this.toggle(SIDES[event.key]);
    }
    if (event.currentTarget !== this) {
      const fold = event.target.closest?.("[data-fold]");
      if (fold) this.toggle(fold.dataset.fold);
      return;
    }
    const tab = event.target.closest(".pane-tab");
    if (tab) this.show(tab.dataset.tab);
  }

  /** Shows one pane where only one has room. */
  show(name) {
    this.dataset.tab = name;
    for (const tab of this.querySelectorAll(".pane-tab")) tab.setAttribute("aria-pressed", String(tab.dataset.tab === name));
  }

  toggle(side) {
    if (!this.#pane(side)) return;
    if (matchMedia(NARROW).matches && this.#isTab(side)) return this.show(this.dataset.tab === side ? this.first : side);
    const folded = this.dataset[side] !== "folded";
    if (!this.dataset[`${side}Start`]) localStorage.setItem(this.#key(side), folded ? "1" : "0");
    this.#fold(side, folded);
    this.dispatchEvent(new CustomEvent("ij:fold", { bubbles: true, detail: { side, folded } }));
  }

  #pane(side) {
    return this.querySelector(`.pane-${side}`);
  }

  /** A pane of its own; else it lies within another, and folds at every width. */
  #isTab(side) {
    return this.#pane(side)?.classList.contains("pane");
  }

  /** Where it has no room of its own it begins folded: it lies over the stage, or takes a phone's height from the words. */
  #hasRoom(side) {
    if (!this.#pane(side)) return true;
    if (!this.#isTab(side)) return !matchMedia(NARROW).matches;
    return !matchMedia(OVERLAY).matches || (side === "list" && !this.#pane("talk"));
  }

  #key(side) {
    return `ij-folded:${this.dataset.name}:${side}`;
  }

  /** A page whose server remembers the pane says its state in data-<side>-start. */
  #remembered(side) {
    const start = this.dataset[`${side}Start`];
    if (start) return start === "folded" || !this.#hasRoom(side);
    const kept = localStorage.getItem(this.#key(side));
    return kept === null ? !this.#hasRoom(side) : kept === "1";
  }

  /** Buttons with data-fold anywhere on the page say whether their pane is open. */
  #fold(side, folded) {
    const held = folded && this.#pane(side)?.contains(document.activeElement);
    this.dataset[side] = folded ? "folded" : "open";
    for (const button of document.querySelectorAll(`[data-fold="${side}"]`)) button.setAttribute("aria-expanded", String(!folded));
    if (held) document.getElementById("main").focus();
  }
}

customElements.define("ij-panes", IjPanes);
