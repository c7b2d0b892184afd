// The prompt box. The form posts by itself; this keeps the words on the device, fills in ideas and earlier settings, and
// guards double sends. The fields of All settings belong to the same form (see ij-settings).
import { api } from "../api.js";
import { draftKey } from "../drafts.js";
import { t } from "../words.js";

const NOT_KEPT = new Set(["csrfmiddlewaretoken", "dedupe_key", "prompt", "count"]);

class IjPrompt extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.words = this.form.elements.prompt;
    this.button = this.form.querySelector("[type=submit]");
    this.hasModel = !this.button.disabled;
    this.#restore();
    if (!location.hash && !/[?&](?!open=)\w/.test(location.search) && document.querySelectorAll("#turns > *").length) this.#showNewest("instant");
    this.words.addEventListener("input", () => localStorage.setItem(this.#key, this.words.value));
    this.words.addEventListener("keydown", (event) => this.#enter(event));
    this.form.addEventListener("htmx:before:request", () => this.#busy(true));
    this.form.addEventListener("htmx:finally:request", () => this.#busy(false));
    this.form.addEventListener("htmx:after:request", ({ detail }) => this.#answered(detail.ctx.response.status));
    for (const name of ["click", "change"]) document.addEventListener(name, this);
    for (const name of ["online", "offline", "storage"]) addEventListener(name, this);
    this.#net();
  }

  disconnectedCallback() {
    for (const name of ["click", "change"]) document.removeEventListener(name, this);
    for (const name of ["online", "offline", "storage"]) removeEventListener(name, this);
  }

  handleEvent(event) {
    if (event.type === "click") return this.#idea(event);
    if (event.type === "change") return event.target.form === this.form && this.#changed(event.target);
    if (event.type === "storage") return this.#otherTab(event);
    this.#net();
  }

  get #key() {
    return draftKey(document.body.dataset.member, this.dataset.session);
  }

  get #boxKey() {
    return this.#key.replace("words", "box");
  }

  /** Words live on the device, unsent settings in this tab; what the address asks for goes before both. */
  #restore() {
    if (/[?&](again|words)=/.test(location.search)) return;
    const words = localStorage.getItem(this.#key);
    if (words && !this.words.value) this.words.value = words;
    const box = sessionStorage.getItem(this.#boxKey);
    if (box) queueMicrotask(() => this.fill(JSON.parse(box)));
  }

  /** Another tab of this session typed or sent. */
  #otherTab({ key, newValue }) {
    if (key === this.#key && document.activeElement !== this.words) this.words.value = newValue ?? "";
  }

  #idea(event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const idea = event.target.closest("[data-words], [data-again]");
    if (!idea) return;
    event.preventDefault();
    this.fill(idea.dataset.again ? JSON.parse(idea.dataset.again) : { prompt: idea.dataset.words });
    this.#keepBox();
    localStorage.setItem(this.#key, this.words.value);
    idea.closest("dialog")?.close();
    this.closest("ij-panes")?.show?.("talk");
    this.words.focus();
  }

  /** Puts values into the fields that are there; an exact size shows itself as a fifth shape. */
  fill(values) {
    const exact = this.querySelector("[data-exact]");
    if (exact && values.width) {
      exact.hidden = values.shape !== "exact";
      exact.querySelector("[data-exact-words]").textContent = `${values.width} × ${values.height}`;
    }
    for (const [name, value] of Object.entries(values)) {
      const field = this.form.elements[name];
      if (field && !(field instanceof HTMLSelectElement && ![...field.options].some((one) => one.value === String(value) && !one.disabled)))
        field.value = value;
    }
    document.dispatchEvent(new CustomEvent("ij:filled"));
  }

  #changed({ name, value }) {
    if (name !== "count") return this.#keepBox();
    // not kept now is kept by the next Make
    api("PATCH", `/api/sessions/${this.dataset.session}/`, { takes: Number(value) }).catch((error) => console.warn(error.message));
  }

  #keepBox() {
    const fields = [...new FormData(this.form)].filter(([name]) => !NOT_KEPT.has(name));
    sessionStorage.setItem(this.#boxKey, JSON.stringify(Object.fromEntries(fields)));
  }

  /** Enter sends; Shift+Enter is a new line. On touch keyboards and while composing, Enter stays a new line. */
  #enter(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || matchMedia("(pointer: coarse)").matches) return;
    event.preventDefault();
    if (!this.button.disabled) this.form.requestSubmit();
  }

  #busy(busy) {
    this.button.setAttribute("aria-disabled", String(busy));
    this.form.toggleAttribute("data-busy", busy);
    if (busy) document.getElementById("prompt-wrong").replaceChildren();
  }

  /** After an accepted send the next one is a new wish; after a failed one the same key makes the same job. */
  #answered(status) {
    if (status >= 400) return;
    this.form.elements.dedupe_key.value = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
    localStorage.removeItem(this.#key);
    sessionStorage.removeItem(this.#boxKey);
    if (this.form.elements.mode.value === "talk") this.words.value = ""; // what is said is said; a wish is refined
    document.getElementById("no-turns")?.remove();
    requestAnimationFrame(() => document.dispatchEvent(new CustomEvent("ij:submitted")));
    this.#showNewest("smooth");
  }

  /** The newest turn lies right above the box, or begins at the top where it is higher than the window. */
  #showNewest(behavior) {
    requestAnimationFrame(() => {
      const turn = document.querySelector("#turns > :last-child");
      const room = document.querySelector(".prompt-dock").getBoundingClientRect().top - document.querySelector(".panes").getBoundingClientRect().top;
      turn?.scrollIntoView({ block: turn.offsetHeight > room ? "start" : "end", behavior });
    });
  }

  #net() {
    this.button.disabled = !navigator.onLine || !this.hasModel;
    this.button.title = navigator.onLine ? "" : t("offline");
  }
}

customElements.define("ij-prompt", IjPrompt);
