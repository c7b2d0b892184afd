// The turns of one session, in step with its other tabs and devices: what was asked for or kept elsewhere appears here.
import htmx from "htmx.org/dist/htmx.esm.js";
import { live } from "../live.js";

const GATHER_MS = 400;

class IjTurns extends HTMLElement {
  #due = new Map();

  connectedCallback() {
    document.addEventListener("ij:live", this);
    if ("watch" in this.dataset) live.watch(`session.${this.dataset.session}`);
  }

  disconnectedCallback() {
    document.removeEventListener("ij:live", this);
  }

  handleEvent({ detail: { job } }) {
    if (!job || job.session !== this.dataset.session) return;
    const card = document.getElementById(`job-${job.id}`);
    if (card && ("live" in card.dataset || Number(card.dataset.seq) >= job.seq)) return; // it speaks for itself, or is fresh
    clearTimeout(this.#due.get(job.batch.id));
    this.#due.set(job.batch.id, setTimeout(() => this.#refresh(job.batch.id), GATHER_MS));
  }

  #turn(batch) {
    return this.querySelector(`.turn[data-batch="${batch}"]`);
  }

  /** A turn of our own comes with the answer to its form, so that one is waited for. */
  async #refresh(batch) {
    if (!this.isConnected) return;
    if (document.querySelector("#prompt[data-busy]")) {
      this.#due.set(batch, setTimeout(() => this.#refresh(batch), GATHER_MS));
      return;
    }
    const turn = this.#turn(batch);
    const url = this.dataset.batch.replace(this.dataset.blank, batch);
    const turns = this.querySelector("#turns");
    if (turn) await htmx.ajax("GET", url, { source: turn, target: turn, swap: "outerMorph" });
    else if (!new URLSearchParams(location.search).has("before")) {
      await htmx.ajax("GET", url, { source: this, target: turns, swap: "beforeend" });
      document.getElementById("no-turns")?.remove();
    }
    for (const twin of [...turns.querySelectorAll(`.turn[data-batch="${batch}"]`)].slice(1)) twin.remove();
  }
}

customElements.define("ij-turns", IjTurns);
