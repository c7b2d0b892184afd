// All settings: a pane of fields that belong to the prompt box. Shows what the chosen model has, what it costs, and keeps
// the seed where it is locked. Alt+S opens and folds it; the server remembers which.
import htmx from "htmx.org/dist/htmx.esm.js";
import { authorHeaders } from "../api.js";
import { t } from "../words.js";

const NEWS = ["keydown", "click", "change", "ij:fold", "ij:filled", "ij:submitted"];

class IjSettings extends HTMLElement {
  connectedCallback() {
    this.form = document.getElementById("prompt");
    this.lock = this.querySelector("[data-lock]");
    this.lock.addEventListener("click", () => this.#lock(!this.isLocked));
    for (const name of NEWS) document.addEventListener(name, this);
    this.#lock(sessionStorage.getItem(this.#lockKey) === "1");
    this.#sync();
  }

  disconnectedCallback() {
    for (const name of NEWS) document.removeEventListener(name, this);
  }

  handleEvent(event) {
    if (event.type === "keydown") this.#key(event);
    else if (event.type === "click" && event.target.closest("[data-all-settings]")) event.preventDefault(); // ij-panes folds
    else if (event.type === "change" && event.target.form === this.form) this.#changed(event.target);
    else if (event.type === "ij:filled") this.#sync();
    else if (event.type === "ij:submitted") this.#sent(event.detail?.changes);
    else if (event.type === "ij:fold" && event.detail.side === "side") this.#remember(!event.detail.folded);
  }

  /** Who picks a model wants that one, and no other in its turn. */
  #changed(field) {
    if (field.name === "model") for (const box of this.#pool) box.checked = false;
    else if (field.dataset.pool) this.form.elements.pool_shown.value = this.form.elements.model.value;
    this.#sync();
  }

  get #pool() {
    return this.querySelectorAll("[data-pool]:checked");
  }

  get isLocked() {
    return this.lock.getAttribute("aria-pressed") === "true";
  }

  get #lockKey() {
    return `ij-lock:${document.body.dataset.member}:${this.form.action}`;
  }

  #key(event) {
    if (!event.altKey || event.ctrlKey || event.metaKey || event.code !== "KeyS" || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    this.closest("ij-panes").toggle("side");
    (this.offsetParent === null ? this.form.elements.prompt : this.form.elements.model).focus();
  }

  #remember(open) {
    const headers = { ...authorHeaders(), "HX-Request": "true" };
    const body = new URLSearchParams({ all_settings: open ? "1" : "0" });
    // kept alive when the page is left at once; what is not remembered now is asked again at the next press
    fetch(this.dataset.preferences, { method: "POST", headers, body, keepalive: true }).catch((error) => console.warn(error.message));
  }

  #lock(locked) {
    this.lock.setAttribute("aria-pressed", String(locked));
    if (locked) sessionStorage.setItem(this.#lockKey, "1");
    else sessionStorage.removeItem(this.#lockKey);
  }

  /** After a Make: an unlocked seed is left to chance again, a locked one is that of the newest picture. */
  #sent(changes) {
    if (changes) return; // a change by words on the canvas has no seed of this box
    const seed = this.form.elements.seed;
    const last = document.querySelector("#turns > :last-child [data-again]");
    seed.value = this.isLocked && last ? JSON.parse(last.dataset.again).seed : "";
    this.#sync();
  }

  /** A field that the model does not have is put away, and not sent. */
  #sync() {
    const { model, size, seed } = this.form.elements;
    const chosen = model.selectedOptions[0];
    if (!chosen) return;
    const { supports, words, max, paid, steps, cfg } = chosen.dataset;
    this.querySelector("[data-model-words]").textContent = words;
    for (const field of this.querySelectorAll("[data-needs]")) {
      field.hidden = !supports.split(" ").includes(field.dataset.needs);
      field.querySelector("input, select").disabled = field.hidden;
    }
    this.form.elements.steps.placeholder = steps;
    this.form.elements.cfg.placeholder = cfg;
    for (const option of size.options) option.disabled = Number(option.value) > Number(max);
    const told = [chosen.textContent.trim(), `${size.value} px`, seed.value && t("seed_n", { n: seed.value })];
    this.form.querySelector("[data-summary]").textContent = told.filter(Boolean).join(" · ");
    const several = this.#pool.length > 1 && this.#pool;
    if (several) this.form.querySelector("[data-summary]").textContent = [t("models_n", { n: several.length }), ...told.slice(1).filter(Boolean)].join(" · ");
    if (several ? [...several].some((box) => "paid" in box.dataset) : paid) this.#estimate();
    else {
      this.form.querySelector("[data-estimate]").textContent = t("free");
      document.getElementById("advice").replaceChildren();
    }
  }

  async #estimate() {
    const query = new URLSearchParams(new FormData(this.form));
    for (const name of ["csrfmiddlewaretoken", "dedupe_key", "prompt"]) query.delete(name);
    const asked = (this.asked = query.toString());
    const answer = await fetch(`${this.dataset.estimate}?${query}`);
    if (this.asked !== asked) return; // a later one is on its way
    if (answer.ok) this.form.querySelector("[data-estimate]").textContent = await answer.text();
    await htmx.ajax("GET", `${this.dataset.advice}?${query}`, { source: this, target: "#advice", swap: "innerHTML" }).catch((error) => console.warn(error.message));
  }
}

customElements.define("ij-settings", IjSettings);
