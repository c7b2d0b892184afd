// Around the switch for notices: asks the browser for its leave, and says when it cannot be had.
import { permission } from "../notices.js";

class IjNotices extends HTMLElement {
  connectedCallback() {
    this.querySelector("[data-ask] button").addEventListener("click", () => this.#ask());
    this.querySelector("[type=checkbox]").addEventListener("change", ({ target }) => target.checked && this.#ask());
    this.#show();
  }

  async #ask() {
    if (permission() === "default") await Notification.requestPermission();
    this.#show();
  }

  #show() {
    const now = permission();
    this.querySelector("[data-ask]").hidden = now !== "default" || !this.querySelector("[type=checkbox]").checked;
    this.querySelector("[data-refused]").hidden = now !== "denied";
    this.querySelector("[data-none]").hidden = now !== "none";
  }
}

customElements.define("ij-notices", IjNotices);
