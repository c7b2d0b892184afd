// One answer while it is said: letters as they come, by socket or by polling; tools and the end are drawn by the server.
import htmx from "htmx.org/dist/htmx.esm.js";
import { api } from "../api.js";
import { ENDED, live } from "../live.js";
import { draw } from "../markdown.js";
import { say } from "../say.js";
import { toast } from "../toast.js";
import { t } from "../words.js";

const GATHER_MS = 250;
const NEAR_PX = 96;

class IjTalk extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => event.target.closest("[data-copy-answer]") && this.#copy());
    if (!("live" in this.dataset)) return;
    document.addEventListener("ij:live", this);
    const { job, seq, state } = this.dataset;
    this.#read();
    const view = { seq: Number(seq), state, stage: "" };
    const fresh = live.follow(job, view);
    if (ENDED.has(fresh.state)) this.#redraw();
    else if (document.readyState === "complete") say(t("say_started"));
  }

  disconnectedCallback() {
    document.removeEventListener("ij:live", this);
    clearTimeout(this.due);
  }

  /** What the server drew: `at` is where the part begins that is being said, `said` that part. */
  #read() {
    const at = Number(this.dataset.at);
    const known = this.said === undefined ? "" : this.said.slice(Math.max(0, at - this.at));
    const drawn = this.dataset.raw ?? "";
    this.at = at;
    this.said = known.length > drawn.length ? known : drawn;
    const tail = this.querySelector("[data-tail]");
    tail.drawn = null;
    if (this.said) draw(tail, this.said);
  }

  handleEvent({ detail }) {
    const { type, job, id, view, before } = detail;
    if (type === "delta" && job === this.dataset.job) return this.#heard(detail.offset, detail.text);
    if (type === "job" && job?.parent === this.dataset.job && !document.getElementById(`job-${job.id}`)) return this.#soon();
    if (id !== this.dataset.job) return;
    if (type === "job" && job?.text) this.#heard(0, job.text);
    if (ENDED.has(view.state)) return this.#redraw();
    if (type === "job" && before.state !== view.state) this.#soon();
  }

  /** `text` from the character `offset` of the whole answer on. What came twice changes nothing; a gap is asked for. */
  #heard(offset, text) {
    const from = offset - this.at;
    if (from > this.said.length) return this.#ask();
    const whole = from < 0 ? text.slice(-from) : this.said.slice(0, from) + text;
    if (whole.length <= this.said.length) return;
    this.said = whole;
    const scroller = this.closest(".pane-scroll");
    const follows = scroller && scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_PX;
    draw(this.querySelector("[data-tail]"), this.said);
    if (follows) scroller.scrollTop = scroller.scrollHeight;
  }

  async #ask() {
    if (this.asking) return;
    this.asking = true;
    try {
      const { text } = await api("GET", `/api/jobs/${this.dataset.job}/`);
      if (text.length > this.at) this.#heard(0, text);
    } catch (error) {
      console.warn(error.message); // the next delta asks again
    }
    this.asking = false;
  }

  #soon() {
    clearTimeout(this.due);
    this.due = setTimeout(() => this.#redraw(), GATHER_MS);
  }

  async #redraw() {
    clearTimeout(this.due);
    const turn = this.closest(".turn");
    const held = turn?.contains(document.activeElement) ? document.activeElement : null;
    if (!turn || (held && held.matches("textarea, select"))) return this.isConnected && !held ? null : this.#later();
    await htmx.ajax("GET", turn.dataset.url, { source: turn, target: turn, swap: "outerMorph" }).catch((error) => console.warn(error.message));
    if (!this.isConnected) return;
    this.#read();
    if ("live" in this.dataset) return;
    document.removeEventListener("ij:live", this);
    say(t(this.dataset.state === "failed" ? "say_unanswered" : "say_answered"));
    document.dispatchEvent(new CustomEvent("ij:ended", { detail: { id: this.dataset.job } }));
  }

  /** Nobody's typing in a plan or an edit is swept away. */
  #later() {
    this.due = setTimeout(() => this.#redraw(), 1500);
  }

  async #copy() {
    const words = [...this.querySelectorAll(".answer")].map((part) => part.innerText.trim()).filter(Boolean).join("\n\n");
    try {
      await navigator.clipboard.writeText(words);
      toast(t("copied"));
    } catch {
      getSelection().selectAllChildren(this.querySelector(".answer"));
    }
  }
}

customElements.define("ij-talk", IjTalk);

// Branches by keys: Alt+Left and Alt+Right step from the turn in which the focus is, else from the last one that has branches.
document.addEventListener("keydown", (event) => {
  const way = { ArrowLeft: "before", ArrowRight: "after" }[event.key];
  if (!way || !event.altKey || event.ctrlKey || event.metaKey || event.target.matches("input, textarea, select")) return;
  const turn = event.target.closest?.(".turn") ?? [...document.querySelectorAll(".turn:has(.branches)")].at(-1);
  const button = turn?.querySelector(`[data-branch="${way}"]:not(:disabled)`);
  if (!button) return;
  event.preventDefault();
  button.click();
});
