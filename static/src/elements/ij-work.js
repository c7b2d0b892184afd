// What one does to a work: star, title, tags and alt text, to the trash with Undo. Its forms also post without scripts.
import { api } from "../api.js";
import { attempt } from "../attempt.js";
import { toast } from "../toast.js";
import { t, timeWords } from "../words.js";

class IjWork extends HTMLElement {
  connectedCallback() {
    this.addEventListener("submit", (event) => {
      const act = { star: this.#star, trash: this.#trash, save: this.#save }[event.submitter?.value];
      if (!act || (act === this.#trash && !this.#tiles.length)) return; // on its own page, the server leads to the trash
      event.preventDefault();
      attempt(() => act.call(this, event));
    });
    this.addEventListener("change", ({ target }) => {
      const form = target.closest("[data-labels]");
      if (form) attempt(() => this.#save({ target: form }));
    });
  }

  get #url() {
    return `/api/artifacts/${this.dataset.work}/`;
  }

  /** The tiles of this work on the page, under the viewer. */
  get #tiles() {
    return [...document.querySelectorAll(`a[data-view="${this.dataset.work}"]`)].map((link) => link.closest("[data-tile]"));
  }

  async #star({ submitter }) {
    const starred = submitter.getAttribute("aria-pressed") !== "true";
    await api("PATCH", this.#url, { starred });
    submitter.setAttribute("aria-pressed", String(starred));
    for (const tile of this.#tiles) tile.querySelector("[data-star]")?.toggleAttribute("hidden", !starred);
  }

  async #save({ target }) {
    const { title, alt, tags } = Object.fromEntries(new FormData(target));
    const list = tags.split(",").map((tag) => tag.trim()).filter(Boolean);
    await api("PATCH", this.#url, { title, alt, tags: list });
    target.querySelector("[data-saved]").textContent = t("saved", { time: timeWords(new Date()) });
  }

  async #trash() {
    const id = this.dataset.work;
    await api("DELETE", this.#url);
    this.closest("dialog")?.close();
    const tiles = this.#tiles;
    this.#moveFocus(tiles[0]);
    for (const tile of tiles) tile.hidden = true;
    document.dispatchEvent(new CustomEvent("ij:trashed", { detail: { id } }));
    toast(t("trashed"), { undo: () => attempt(() => this.#restore(id, tiles)) });
  }

  async #restore(id, tiles) {
    await api("POST", `/api/artifacts/${id}/restore/`);
    for (const tile of tiles) tile.hidden = false;
    document.dispatchEvent(new CustomEvent("ij:restored", { detail: { id } }));
    toast(t("restored"));
  }

  /** Deletion moves the focus to the next tile, or the one before. */
  #moveFocus(tile) {
    if (!tile) return;
    const links = [...document.querySelectorAll("a[data-view]")].filter((link) => !link.closest("dialog, [hidden]"));
    const at = links.findIndex((link) => tile.contains(link));
    (links[at + 1] ?? links[at - 1] ?? document.querySelector("main"))?.focus();
  }
}

customElements.define("ij-work", IjWork);
