// "?" and every [data-keys] button open the list of keys that work on this page.
import { bareKey } from "../keys.js";

class IjKeys extends HTMLElement {
  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    for (const button of document.querySelectorAll("[data-keys]")) button.hidden = false;
    document.addEventListener("keydown", this);
    document.addEventListener("click", this);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this);
    document.removeEventListener("click", this);
  }

  handleEvent(event) {
    if (event.type === "keydown") {
      if (event.key === "?" && bareKey(event) && !document.querySelector("dialog[open]")) this.#open();
    } else if (event.target.closest?.("[data-keys]")) {
      this.#open();
    } else if (event.target === this.dialog || (this.contains(event.target) && event.target.closest("[data-close]"))) {
      this.dialog.close();
    }
  }

  #open() {
    this.dialog.showModal(); // the browser gives the focus back when it closes
  }
}

customElements.define("ij-keys", IjKeys);
