// The bell: its number is fetched anew when the socket tells of a notice, and now and then while there is no socket.
import htmx from "htmx.org/dist/htmx.esm.js";
import { live } from "../live.js";

const GATHER_MS = 300;
const POLL_MS = 60_000;

class IjBell extends HTMLElement {
  #due = null;
  #poll = null;

  connectedCallback() {
    document.addEventListener("ij:live", this);
    this.#poll = setInterval(() => live.isOpen || document.hidden || this.#refresh(), POLL_MS);
  }

  disconnectedCallback() {
    document.removeEventListener("ij:live", this);
    clearInterval(this.#poll);
    clearTimeout(this.#due);
  }

  handleEvent({ detail }) {
    if (detail.type === "notice") this.#refresh();
  }

  /** A class that is told something at once hears once. Focus on the bell stays there. */
  #refresh() {
    clearTimeout(this.#due);
    this.#due = setTimeout(async () => {
      if (!this.isConnected) return;
      const held = this.contains(document.activeElement);
      await htmx.ajax("GET", this.dataset.fresh, { source: this, target: this, swap: "innerHTML" });
      if (held) this.querySelector("a").focus();
    }, GATHER_MS);
  }
}

customElements.define("ij-bell", IjBell);
