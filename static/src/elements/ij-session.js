// A session's name and what one does to it: rename in place, to the trash with Undo. Its forms also post without scripts.
import { api } from "../api.js";
import { attempt } from "../attempt.js";
import { toast } from "../toast.js";
import { t } from "../words.js";

/** Every place of the page that says the name of a session says the same. */
function name(id, title) {
  for (const place of document.querySelectorAll(`[data-title-of="${id}"]`)) place.textContent = title || t("new_session");
}

class IjSession extends HTMLElement {
  connectedCallback() {
    this.addEventListener("submit", (event) => this.#submit(event));
    this.rename = this.querySelector("[data-rename-form]");
    if (!this.rename) return;
    document.addEventListener("click", this);
    this.rename.addEventListener("keydown", (event) => event.key === "Escape" && this.#edit(false));
  }

  disconnectedCallback() {
    document.removeEventListener("click", this);
  }

  handleEvent(event) {
    if (!event.target.closest("[data-rename]")) return;
    event.preventDefault();
    this.#edit(true);
  }

  #edit(on) {
    this.rename.hidden = !on;
    this.querySelector("h1").hidden = on;
    if (on) this.rename.elements.title.select();
    else document.querySelector("[data-rename]")?.focus();
  }

  #submit(event) {
    if (event.target === this.rename) {
      event.preventDefault();
      return attempt(() => this.#rename(this.rename.elements.title.value.trim()));
    }
    if (event.submitter?.value !== "trash" || !("tile" in this.dataset)) return; // on its own page, the server leads on
    event.preventDefault();
    attempt(() => this.#trash());
  }

  get #url() {
    return `/api/sessions/${this.dataset.session}/`;
  }

  async #rename(title) {
    await api("PATCH", this.#url, { title });
    name(this.dataset.session, title);
    document.title = document.title.replace(/^.*( · ij8)$/, `${(title || t("new_session")).replaceAll("$", "$$$$")}$1`);
    this.#edit(false);
  }

  async #trash() {
    await api("DELETE", this.#url);
    const tiles = [...document.querySelectorAll("ij-session[data-tile]:not([hidden])")];
    const at = tiles.indexOf(this);
    this.hidden = true;
    (tiles[at + 1] ?? tiles[at - 1])?.querySelector("a").focus();
    toast(t("session_trashed"), { undo: () => attempt(() => this.#restore()) });
  }

  async #restore() {
    await api("POST", `${this.#url}restore/`);
    this.hidden = false;
    this.querySelector("a").focus();
    toast(t("restored"));
  }
}

customElements.define("ij-session", IjSession);

let leaving = false;
addEventListener("beforeunload", () => { leaving = true; });

// A session renamed or thrown away elsewhere; the first Make names a new one.
document.addEventListener("ij:live", ({ detail: { type, session } }) => {
  if (type !== "session") return;
  name(session.id, session.title);
  const here = document.querySelector(`ij-turns[data-session="${session.id}"]:not([data-watch])`);
  if (session.trashed) document.querySelector(`[data-session-row="${session.id}"]`)?.remove();
  if (here && session.trashed && !leaving && document.getElementById("prompt")) location.reload();
});
document.addEventListener("ij:submitted", () => {
  const title = document.querySelector("#page-title [data-title-of]");
  if (title) name(title.dataset.titleOf, title.textContent);
});
