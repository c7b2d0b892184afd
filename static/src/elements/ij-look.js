// Theme and text size of the own menu. They act at once, and are kept with the person, so every device draws them so.
import { authorHeaders } from "../api.js";
import { toast } from "../toast.js";
import { t } from "../words.js";

const ATTRIBUTES = { theme: "theme", text_size: "textSize" };

class IjLook extends HTMLElement {
  connectedCallback() {
    this.hidden = false;
    this.addEventListener("change", ({ target: { name, value } }) => {
      const root = document.documentElement.dataset;
      if (value) root[ATTRIBUTES[name]] = value;
      else delete root[ATTRIBUTES[name]];
      this.#keep(name, value);
    });
  }

  async #keep(name, value) {
    const body = new URLSearchParams({ [name]: value });
    const sent = fetch(this.dataset.url, { method: "POST", headers: authorHeaders(), body, credentials: "same-origin", keepalive: true });
    const kept = await sent.then(({ ok }) => ok, () => false);
    if (!kept) toast(t("not_kept"), { urgent: true });
  }
}

customElements.define("ij-look", IjLook);
