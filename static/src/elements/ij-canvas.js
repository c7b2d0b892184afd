// The canvas of a session: the work that is worked on, large, in the middle of the page. What is shown here is what a change by
// words and the conversation work on. A take that was just asked for comes by itself; nothing else moves it.
import htmx from "htmx.org/dist/htmx.esm.js";
import { bareKey } from "../keys.js";
import { t } from "../words.js";
import { WorkShown } from "../work-shown.js";

const NEWS = ["ij:ended", "ij:submitted", "ij:shelved", "ij:brought", "ij:trashed", "ij:restored", "keydown"];

class IjCanvas extends WorkShown {
  #awaits = false;

  connectedCallback() {
    this.body = this.querySelector(".canvas-body");
    this.lost = this.querySelector(".viewer-lost");
    this.hear(this);
    this.addEventListener("click", ({ target }) => {
      if (target.closest("[data-enlarge]")) this.#enlarge();
      if (target.closest("[data-about]")) this.#about(!this.hasAttribute("data-told"));
      if (target.closest("[data-try-again]")) this.#load(this.at);
    });
    this.addEventListener("htmx:after:request", ({ target, detail }) => this.#asked(target, detail));
    for (const name of NEWS) document.addEventListener(name, this);
    // on a phone it is a pane that is not in sight: what nobody looks at is not asked for
    this.sight = new IntersectionObserver(([entry]) => entry.isIntersecting && this.#begin());
    this.sight.observe(this);
  }

  disconnectedCallback() {
    for (const name of NEWS) document.removeEventListener(name, this);
    this.sight.disconnect();
  }

  get isInSight() {
    return this.offsetParent !== null;
  }

  #begin() {
    this.sight.disconnect();
    if (!this.at) this.#load(this.asked ?? "");
  }

  handleEvent(event) {
    if (event.type === "keydown") return this.#key(event);
    if (event.type === "ij:submitted") this.#awaits = true;
    else if (event.type === "ij:shelved") this.#settle();
    else if (event.type === "ij:ended") this.#arrived(event.detail.id);
    else if (event.type === "ij:brought") this.isInSight && this.take(event.detail.works.at(-1).id);
    else if (event.type === "ij:restored") this.take(event.detail.id);
    else if (event.detail.id === this.at) this.#gone();
  }

  #key(event) {
    if (event.key.toLowerCase() !== "i" || !bareKey(event) || !this.isInSight || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    this.#about(!this.hasAttribute("data-told"));
  }

  /** The first take of what was just asked for, or anything on an empty canvas. */
  #arrived(job) {
    const link = document.querySelector(`#job-${job} a[data-view]`);
    if (!link || !this.isInSight || (!this.#awaits && this.at)) return;
    this.take(link.dataset.view);
  }

  #gone() {
    const next = this.neighbour(1) ?? this.neighbour(-1);
    if (next) return this.take(next.dataset.view);
    this.at = this.tile = "";
    this.address(null);
    this.#load("");
  }

  /** Shows a work and works on it from now on. False for the one that is shown already. */
  take(id) {
    if (!id || id === this.at) return false;
    this.#awaits = false;
    this.#load(id, "own" in this.dataset);
    return true;
  }

  /** Another version, asked for by ij-versions. */
  show(id, instead) {
    if (instead) this.retile(id, instead);
    this.take(id);
  }

  step(by) {
    const next = this.neighbour(by);
    if (next) this.take(next.dataset.view);
  }

  #enlarge() {
    document.querySelector("ij-viewer").enlarge(this.at, this.querySelector("[data-enlarge]"));
  }

  /** `chooses`: its person goes on with this work; who only looks chooses nothing. */
  async #load(id, chooses = false) {
    this.at = this.tile = id;
    if (id) this.address(id);
    this.setAttribute("aria-busy", "true");
    const { url } = this.dataset;
    const [verb, address, values] = chooses ? ["POST", url, { act: "show", work: id }] : ["GET", id ? `${url}?work=${id}` : url, {}];
    await htmx.ajax(verb, address, { source: this, target: this.body, swap: "innerHTML", values }).catch((error) => console.warn(error.message));
    if (this.at !== id) return this.#mend();
    this.removeAttribute("aria-busy");
    const shown = this.body.querySelector("[data-work]")?.dataset.work ?? "";
    const isThere = id ? shown === id : true;
    this.body.hidden = !isThere;
    this.lost.hidden = isThere;
    this.at = this.tile = id || shown;
    this.#settle();
  }

  /** An older answer that came last lies over the newer one. */
  #mend() {
    const there = this.body.querySelector("[data-work]");
    if (this.at && there?.dataset.work !== this.at) this.#load(this.at);
  }

  /** Whatever came into the canvas or onto the shelf: neighbours, what is told, and which tiles are those of this work. */
  #settle() {
    this.edges();
    this.#about(this.hasAttribute("data-told"));
    for (const link of document.querySelectorAll("a[data-view][aria-current]")) link.removeAttribute("aria-current");
    for (const link of this.at ? document.querySelectorAll(`a[data-view="${this.at}"]`) : []) link.setAttribute("aria-current", "true");
  }

  #about(told) {
    this.toggleAttribute("data-told", told);
    this.querySelector("[data-about]")?.setAttribute("aria-expanded", String(told));
  }

  /** A change by words became a turn of the conversation. */
  #asked(form, { ctx }) {
    if (!("change" in form.dataset) || ctx.response.status >= 400) return;
    form.elements.prompt.value = "";
    form.elements.dedupe_key.value = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
    document.getElementById("change-wrong").replaceChildren();
    document.getElementById("no-turns")?.remove();
    requestAnimationFrame(() => document.dispatchEvent(new CustomEvent("ij:submitted", { detail: { changes: true } })));
  }
}

customElements.define("ij-canvas", IjCanvas);
