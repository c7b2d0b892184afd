// A pupil's session ends after some minutes of doing nothing. Says so two minutes before; tells the server while somebody types
// or draws without asking it for anything. The server alone decides; other tabs of this browser count too.
import { authorHeaders } from "../api.js";

const LOOK_MS = 10_000;
const WARN_MS = 120_000;
const TELL_MS = 300_000;
const GRACE_MS = 90_000; // what the server heard may be as much later than the last sign of life: a reload sooner would be one
const SIGNS = ["pointerdown", "keydown", "wheel", "touchstart"];
const KEY = "ij8:active";

class IjIdle extends HTMLElement {
  connectedCallback() {
    this.limit = Number(this.dataset.minutes) * 60_000;
    this.notice = this.querySelector(".notice");
    this.told = Date.now();
    this.#active();
    this.abort = new AbortController();
    const { signal } = this.abort;
    for (const sign of SIGNS) addEventListener(sign, () => this.notice.hidden && this.#active(), { passive: true, signal });
    this.querySelector("button").addEventListener("click", () => this.#stay(), { signal });
    this.timer = setInterval(() => this.#look(), LOOK_MS);
  }

  disconnectedCallback() {
    this.abort.abort();
    clearInterval(this.timer);
  }

  #active() {
    this.last = Date.now();
    try {
      localStorage.setItem(KEY, String(this.last));
    } catch {
      // a browser that keeps nothing: this tab alone counts
    }
  }

  /** The last sign of life in any tab. */
  get #since() {
    try {
      return Math.max(this.last, Number(localStorage.getItem(KEY)) || 0);
    } catch {
      return this.last;
    }
  }

  #look() {
    const quiet = Date.now() - this.#since;
    if (quiet >= this.limit + GRACE_MS) location.reload();
    this.notice.hidden = quiet < this.limit - Math.min(WARN_MS, this.limit / 2);
    if (this.#since > this.told && Date.now() - this.told > Math.min(this.limit / 4, TELL_MS)) this.#tell();
  }

  #stay() {
    this.notice.hidden = true;
    this.#active();
    this.#tell();
  }

  async #tell() {
    const before = this.told;
    this.told = Date.now();
    try {
      await fetch(this.dataset.url, { method: "POST", headers: authorHeaders() });
    } catch {
      this.told = before; // not connected: told when it is back
    }
  }
}

customElements.define("ij-idle", IjIdle);
