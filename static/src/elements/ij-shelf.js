// The works beside the canvas. Asked for when they come in sight, and again when some were made, brought in or thrown away.
import htmx from "htmx.org/dist/htmx.esm.js";

const NEWS = ["ij:ended", "ij:shelf", "ij:restored"];
const GATHER_MS = 500;

class IjShelf extends HTMLElement {
  connectedCallback() {
    this.of = "session";
    this.addEventListener("change", ({ target }) => {
      if (!("of" in target.dataset)) return;
      this.of = target.value;
      this.#load();
    });
    for (const name of NEWS) document.addEventListener(name, this);
    this.sight = new IntersectionObserver(([entry]) => entry.isIntersecting && this.#load());
    this.sight.observe(this);
  }

  disconnectedCallback() {
    for (const name of NEWS) document.removeEventListener(name, this);
    this.sight.disconnect();
    clearTimeout(this.due);
  }

  handleEvent() {
    clearTimeout(this.due);
    this.due = setTimeout(() => this.offsetParent && this.#load(), GATHER_MS);
  }

  async #load() {
    const held = document.activeElement?.closest("ij-shelf") === this && document.activeElement.id;
    const url = `${this.dataset.url}?of=${encodeURIComponent(this.of)}`;
    await htmx.ajax("GET", url, { source: this, target: this, swap: "innerHTML" }).catch((error) => console.warn(error.message));
    document.dispatchEvent(new CustomEvent("ij:shelved"));
    if (held) document.getElementById(held)?.focus();
  }
}

customElements.define("ij-shelf", IjShelf);
