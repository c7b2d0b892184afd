// One take: shows stage, progress, place, ETA and preview while it is made; asks the server for its card at the end.
import htmx from "htmx.org/dist/htmx.esm.js";
import { ENDED, live } from "../live.js";
import { percent } from "../numbers.js";
import { say } from "../say.js";
import { etaWords, placeWords, t } from "../words.js";

class IjJob extends HTMLElement {
  connectedCallback() {
    if (!("live" in this.dataset)) return;
    document.addEventListener("ij:live", this);
    const { job, seq, state } = this.dataset;
    const view = { seq: Number(seq), state, stage: this.#part("stage")?.textContent };
    const fresh = live.follow(job, view);
    if (fresh !== view) this.#show(fresh);
    // a card may come to an open page when its work has begun already, and the news of that before the card
    const begun = fresh.state !== "queued" && !ENDED.has(fresh.state);
    if (begun && document.readyState === "complete") say(t("say_started"));
  }

  disconnectedCallback() {
    document.removeEventListener("ij:live", this);
  }

  handleEvent({ detail }) {
    if (detail.id !== this.dataset.job) return;
    const { type, view, before } = detail;
    if (type === "job" && view.state === before.state && view.stage && view.stage !== before.stage) say(view.stage);
    this.#show(view, before);
  }

  #part(name) {
    return this.querySelector(`[data-${name}]`);
  }

  #show(view, before) {
    if (ENDED.has(view.state)) return this.#finish(view);
    if (before?.state === "queued" && view.state !== "queued") say(t("say_started"));
    this.#put("stage", view.stage || t(`state_${view.state}`));
    this.#put("place", view.state === "queued" ? placeWords(view.queue_position) : "");
    this.#put("eta", etaWords(view.eta_s));
    const number = percent(view.progress);
    this.#put("number", number === null ? "" : t("percent", { n: number }));
    const bar = this.querySelector("progress");
    if (number === null) bar.removeAttribute("value");
    else bar.value = number;
    // Only an address with its moment is a picture that is there; without one it is where a picture may come.
    if (view.preview_url?.includes("?")) this.#preview(view.preview_url);
  }

  /** Writes only what changed: unneeded writes make screen readers and layout work. */
  #put(name, text) {
    const part = this.#part(name);
    if (part && part.textContent !== text) part.textContent = text;
  }

  /** The next preview replaces the last one only when it is loaded, so nothing flickers. */
  #preview(url) {
    const shown = this.#part("preview");
    if (!shown || shown.dataset.url === url) return;
    shown.dataset.url = url;
    const next = new Image();
    next.onload = () => {
      if (shown.dataset.url !== url) return;
      shown.src = url;
      shown.hidden = false;
    };
    next.src = url;
  }

  async #finish(view) {
    document.removeEventListener("ij:live", this);
    const held = this.contains(document.activeElement);
    const { id } = this;
    await htmx.ajax("GET", this.dataset.card, { source: this, target: this, swap: "outerHTML" }).catch((error) => console.warn(error.message));
    const card = document.getElementById(id);
    if (card === this) return this.#lost(view);
    card?.querySelector(".hold-in")?.classList.add("arrived");
    if (held) card?.querySelector("a, button")?.focus();
    const turn = card?.closest(".turn");
    this.#tell(view, turn);
    if (turn && !turn.querySelector("ij-job[data-live]")) // the last one: its turn says how all of them went
      await htmx.ajax("GET", turn.dataset.url, { source: turn, target: turn, swap: "outerMorph" });
    document.dispatchEvent(new CustomEvent("ij:ended", { detail: { id: this.dataset.job } }));
  }

  /** "2 of 4 ready." */
  #tell({ state }, turn) {
    if (state === "failed") say(t("say_failed"));
    if (state !== "succeeded") return;
    const all = turn?.querySelectorAll("ij-job").length ?? 1;
    const n = turn?.querySelectorAll('ij-job[data-state="succeeded"]').length ?? 1;
    say(all > 1 ? t("say_ready", { n, all }) : t("say_done"));
  }

  /** The card did not come: what was made is safe, and asking again brings it. */
  #lost(view) {
    const again = document.createElement("button");
    again.type = "button";
    again.className = "button small";
    again.textContent = t("try_again");
    again.addEventListener("click", () => this.#finish(view));
    const words = document.createElement("p");
    words.textContent = t("card_missing");
    this.querySelector(".take-foot").replaceChildren(words, again);
  }
}

customElements.define("ij-job", IjJob);
