// The prompt box. The form posts by itself; this keeps the text on the device, fills in ideas, and guards double sends.
import { t } from "../words.js";

class IjPrompt extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.words = this.form.elements.prompt;
    this.button = this.form.querySelector("[type=submit]");
    this.#restore();
    if (!location.hash && !location.search && document.querySelectorAll("#turns > *").length > 1) this.#showNewest("instant");
    this.words.addEventListener("input", () => localStorage.setItem(this.#key, this.words.value));
    this.words.addEventListener("keydown", (event) => this.#enter(event));
    this.form.addEventListener("htmx:before:request", () => this.#busy(true));
    this.form.addEventListener("htmx:finally:request", () => this.#busy(false));
    this.form.addEventListener("htmx:after:request", ({ detail }) => this.#answered(detail.ctx.response.status));
    document.addEventListener("click", this);
    for (const name of ["online", "offline"]) addEventListener(name, this);
    this.#net();
    const fold = this.querySelector("details");
    fold.open ||= localStorage.getItem("ij-all-settings") === "1";
    fold.addEventListener("toggle", () => localStorage.setItem("ij-all-settings", fold.open ? "1" : "0"));
  }

  disconnectedCallback() {
    document.removeEventListener("click", this);
    for (const name of ["online", "offline"]) removeEventListener(name, this);
  }

  handleEvent(event) {
    if (event.type !== "click") return this.#net();
    const idea = event.target.closest("[data-words]");
    if (!idea || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.words.value = idea.dataset.words;
    localStorage.setItem(this.#key, this.words.value);
    this.words.focus();
  }

  get #key() {
    return `ij-words:${this.dataset.session}`;
  }

  #restore() {
    const kept = localStorage.getItem(this.#key);
    if (kept && !this.words.value) this.words.value = kept;
  }

  /** Enter sends; Shift+Enter is a new line. On touch keyboards and while composing, Enter stays a new line. */
  #enter(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || matchMedia("(pointer: coarse)").matches) return;
    event.preventDefault();
    if (!this.button.disabled) this.form.requestSubmit();
  }

  #busy(busy) {
    this.button.setAttribute("aria-disabled", String(busy));
    if (busy) document.getElementById("prompt-wrong").replaceChildren();
  }

  /** After an accepted send the next one is a new wish; after a failed one the same key makes the same job. */
  #answered(status) {
    if (status >= 400) return;
    this.form.elements.dedupe_key.value = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
    this.form.elements.seed.value = "";
    localStorage.removeItem(this.#key);
    document.getElementById("no-turns")?.remove();
    document.dispatchEvent(new CustomEvent("ij:submitted"));
    this.#showNewest("smooth");
  }

  #showNewest(behavior) {
    requestAnimationFrame(() => document.querySelector("#turns > :last-child")?.scrollIntoView({ block: "end", behavior }));
  }

  #net() {
    this.button.disabled = !navigator.onLine;
    this.button.title = navigator.onLine ? "" : t("offline");
  }
}

customElements.define("ij-prompt", IjPrompt);
