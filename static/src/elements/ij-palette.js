// Ctrl or Cmd K: search from everywhere. A combobox over a listbox that the server draws; arrows, Home and End walk it.
import { authorHeaders } from "../api.js";
import { t } from "../words.js";

const PAUSE_MS = 120;

class IjPalette extends HTMLElement {
  #due = null;
  #asked = null;
  #answer = null;

  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    this.field = this.querySelector("input");
    this.list = this.querySelector("[role=listbox]");
    document.addEventListener("keydown", this);
    document.addEventListener("click", this);
    this.field.addEventListener("input", () => this.#later());
    this.field.addEventListener("keydown", (event) => this.#walk(event));
    this.querySelector("form").addEventListener("submit", (event) => { event.preventDefault(); this.#enter(); });
    this.list.addEventListener("mousemove", ({ target }) => this.#choose(target.closest("[role=option]")));
    this.dialog.addEventListener("close", () => { clearTimeout(this.#due); this.#due = null; this.#asked?.abort(); });
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this);
    document.removeEventListener("click", this);
  }

  handleEvent(event) {
    if (event.type === "keydown") {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
      event.preventDefault();
      if (this.dialog.open) this.dialog.close();
      else if (!document.querySelector("dialog[open]")) this.#open();
    } else if (event.target === this.dialog || (this.contains(event.target) && event.target.closest("[data-close]"))) {
      this.dialog.close();
    } else if (event.target.closest?.("[data-palette]") && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      this.#open();
    }
  }

  #open() {
    this.dialog.showModal(); // the browser gives the focus back when it closes
    this.field.select();
    this.#ask();
  }

  #later() {
    clearTimeout(this.#due);
    this.#due = setTimeout(() => this.#ask(), PAUSE_MS);
  }

  /** Enter right after typing opens what was typed, not what an earlier word had found. */
  async #enter() {
    if (this.#due) this.#ask();
    await this.#answer;
    if (this.dialog.open) this.#chosen?.click();
  }

  #ask() {
    clearTimeout(this.#due);
    this.#due = null;
    this.#answer = this.#fetch();
  }

  /** Only the newest question is answered; without a connection the list says so. */
  async #fetch() {
    this.#asked?.abort();
    const asked = (this.#asked = new AbortController());
    try {
      const address = `${this.dataset.url}?q=${encodeURIComponent(this.field.value)}`;
      const headers = { ...authorHeaders(), "HX-Request": "true" };
      const answer = await fetch(address, { headers, signal: asked.signal, credentials: "same-origin" });
      if (!answer.ok) throw new TypeError(String(answer.status));
      this.list.innerHTML = await answer.text();
      this.#show(this.#options.length);
    } catch (error) {
      if (error.name === "AbortError") return;
      this.list.replaceChildren();
      this.#say(t("not_reached"), true);
    }
  }

  #show(count) {
    this.field.setAttribute("aria-expanded", String(count > 0));
    this.#choose(this.#options.find((option) => option.href) ?? null);
    this.#say(count === 0 ? t("found_none") : count === 1 ? t("found_one") : t("found_many", { n: count }), count === 0);
  }

  #say(words, visibly) {
    const line = this.querySelector("[data-count]");
    line.classList.toggle("sr", !visibly);
    line.textContent = words;
  }

  get #options() {
    return [...this.list.querySelectorAll("[role=option]")];
  }

  get #chosen() {
    return this.list.querySelector("[aria-selected=true]");
  }

  #choose(option) {
    if (option === undefined || (option && option === this.#chosen)) return;
    this.#chosen?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.field.setAttribute("aria-activedescendant", option.id);
    else this.field.removeAttribute("aria-activedescendant");
  }

  #walk(event) {
    const options = this.#options;
    const at = options.indexOf(this.#chosen);
    const last = options.length - 1;
    const to = { ArrowDown: at === last ? 0 : at + 1, ArrowUp: at <= 0 ? last : at - 1, PageUp: 0, PageDown: last }[event.key];
    if (to === undefined || event.isComposing || !options.length) return;
    event.preventDefault();
    this.#choose(options[to]);
  }
}

customElements.define("ij-palette", IjPalette);
