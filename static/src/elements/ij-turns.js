// The turns of one session, in step with its other tabs and devices: what was asked for or kept elsewhere appears here.
import htmx from "htmx.org/dist/htmx.esm.js";
import { live } from "../live.js";

const GATHER_MS = 400;

class IjTurns extends HTMLElement {
  #due = new Map();

  connectedCallback() {
    document.addEventListener("ij:live", this);
    this.turns = this.querySelector("#turns");
    this.twins = new MutationObserver(() => this.#oneOfEach());
    this.twins.observe(this.turns, { childList: true });
    if ("watch" in this.dataset) live.watch(`session.${this.dataset.session}`);
  }

  disconnectedCallback() {
    document.removeEventListener("ij:live", this);
    this.twins.disconnect();
  }

  handleEvent({ detail: { job } }) {
    if (!job || job.session !== this.dataset.session || job.parent || this.#isShown(job)) return;
    clearTimeout(this.#due.get(job.batch.id));
    this.#due.set(job.batch.id, setTimeout(() => this.#refresh(job), GATHER_MS));
  }

  /** A live card speaks for itself; an ended one is shown until something newer is said of it. */
  #isShown(job) {
    const card = document.getElementById(`job-${job.id}`) ?? this.querySelector(`ij-talk[data-job="${job.id}"]`);
    return card && ("live" in card.dataset || Number(card.dataset.seq) >= job.seq);
  }

  /** A turn of our own comes with the answer to its form, so that one is waited for. */
  async #refresh(job) {
    if (!this.isConnected) return;
    const batch = job.batch.id;
    if (document.querySelector("#prompt[data-busy]")) {
      this.#due.set(batch, setTimeout(() => this.#refresh(job), GATHER_MS));
      return;
    }
    if (this.#isShown(job)) return;
    const url = this.dataset.batch.replace(this.dataset.blank, batch);
    const turn = this.turns.querySelector(`.turn[data-batch="${batch}"]`);
    if (turn) await htmx.ajax("GET", url, { source: turn, target: turn, swap: "outerMorph" });
    else if (!new URLSearchParams(location.search).has("before")) {
      await htmx.ajax("GET", url, { source: this, target: this.turns, swap: "beforeend" });
      document.getElementById("no-turns")?.remove();
      await this.#branched();
    }
  }

  /** A turn that is no continuation of what is shown: the line was branched elsewhere, so it is drawn anew. */
  async #branched() {
    const [before, last] = [...this.turns.querySelectorAll(":scope > .turn")].slice(-2);
    if (!last || last.dataset.parent === before.dataset.turn) return;
    await htmx.ajax("GET", location.pathname, { source: this, target: this.turns, select: "#turns", swap: "outerMorph" });
  }

  /** The answer to a form and the news of it may both bring a turn. */
  #oneOfEach() {
    const seen = new Set();
    for (const turn of this.turns.querySelectorAll(":scope > .turn")) {
      if (seen.has(turn.dataset.batch)) turn.remove();
      seen.add(turn.dataset.batch);
    }
  }
}

customElements.define("ij-turns", IjTurns);
