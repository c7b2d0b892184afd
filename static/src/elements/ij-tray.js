// "In progress" at the foot of the rail: one's own jobs on every page. The server draws the list; this keeps it fresh.
import htmx from "htmx.org/dist/htmx.esm.js";
import { ENDED, live } from "../live.js";
import { percent } from "../numbers.js";
import { etaWords, placeWords, t } from "../words.js";

const GATHER_MS = 300;

class IjTray extends HTMLElement {
  #due = null;

  connectedCallback() {
    document.addEventListener("ij:live", this);
    document.addEventListener("ij:submitted", this);
    this.#followAll();
  }

  disconnectedCallback() {
    document.removeEventListener("ij:live", this);
    document.removeEventListener("ij:submitted", this);
  }

  handleEvent({ type, detail }) {
    if (type === "ij:submitted") return this.#refresh();
    if (detail.type === "signed_out") return;
    if (!detail.id) return;
    const row = this.querySelector(`[data-row="${detail.id}"]`);
    const ended = ENDED.has(detail.view.state);
    if (ended ? row : !row) this.#refresh();
    else if (row) this.#show(row, detail.view);
  }

  #followAll() {
    for (const row of this.querySelectorAll("[data-row]"))
      live.follow(row.dataset.row, { seq: Number(row.dataset.seq), state: row.dataset.state });
  }

  #show(row, view) {
    const bar = row.querySelector("progress");
    const number = percent(view.progress);
    if (number === null) bar.removeAttribute("value");
    else bar.value = number;
    const words = view.state === "queued" ? placeWords(view.queue_position) || t("state_queued") : etaWords(view.eta_s) || view.stage;
    const line = row.querySelector("[data-line]");
    if (words && line.textContent !== words) line.textContent = words;
  }

  /** A batch of eight ends in eight events: they are gathered into one request. */
  #refresh() {
    clearTimeout(this.#due);
    this.#due = setTimeout(async () => {
      if (!this.isConnected) return;
      await htmx.ajax("GET", this.dataset.list, { source: this, target: this, swap: "innerHTML" });
      this.#followAll();
    }, GATHER_MS);
  }
}

customElements.define("ij-tray", IjTray);
