// "In progress" at the foot of the rail: one's own batches on every page. The server draws the list; this keeps it fresh.
import htmx from "htmx.org/dist/htmx.esm.js";
import { ENDED, live } from "../live.js";
import { batchPercent } from "../numbers.js";
import { etaWords, placeWords, t } from "../words.js";

const GATHER_MS = 300;

class IjTray extends HTMLElement {
  #due = null;
  #views = new Map();

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
    if (!detail.id) return;
    const mark = this.querySelector(`[data-job="${detail.id}"]`);
    const ended = ENDED.has(detail.view.state);
    if (ended ? mark : !mark) return this.#refresh();
    if (!mark) return;
    this.#views.set(detail.id, detail.view);
    this.#show(mark.closest("li"));
  }

  #followAll() {
    this.#views.clear();
    for (const { dataset } of this.querySelectorAll("[data-job]"))
      this.#views.set(dataset.job, live.follow(dataset.job, { seq: Number(dataset.seq), state: dataset.state }));
  }

  #show(row) {
    const views = [...row.querySelectorAll("[data-job]")].map((mark) => this.#views.get(mark.dataset.job));
    const total = Number(row.dataset.total);
    row.querySelector("progress").value = batchPercent(views.map((view) => view.progress), total);
    const first = views.find((view) => view.state !== "queued") ?? views[0];
    const now = first.state === "queued" ? placeWords(first.queue_position) || t("state_queued") : etaWords(first.eta_s) || first.stage;
    const count = total > 1 ? t("n_of_all", { n: total - views.length, all: total }) : "";
    const words = [count, now].filter(Boolean).join(" · ");
    const line = row.querySelector("[data-line]");
    if (line.textContent !== words) line.textContent = words;
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
