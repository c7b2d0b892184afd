// The versions of a work: Ctrl Z and Shift Ctrl Z walk them; in the viewer all happens in place. On a work's own page its
// links and forms are those of the page.
import { api } from "../api.js";
import { attempt } from "../attempt.js";
import { toast } from "../toast.js";
import { t } from "../words.js";

class IjVersions extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => this.#click(event));
    this.addEventListener("submit", (event) => {
      if (!this.#viewer || "plain" in event.target.dataset) return;
      event.preventDefault();
      this.#move(event.submitter.value, event.submitter.form.elements.version?.value);
    });
    document.addEventListener("keydown", this);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this);
  }

  get #viewer() {
    return this.closest("ij-viewer, ij-canvas");
  }

  handleEvent(event) {
    const key = event.key.toLowerCase();
    if (event.defaultPrevented || event.altKey || !(event.ctrlKey || event.metaKey) || (key !== "z" && key !== "y")) return;
    if (event.target.closest("input, textarea, select, [contenteditable], ij-pad")) return;
    const open = document.querySelector("dialog[open]");
    if (open && !open.contains(this)) return;
    const way = key === "y" || event.shiftKey ? "redo" : "undo";
    const button = this.querySelector(`button[value=${way}]`);
    if (!button) return;
    event.preventDefault();
    if (button.disabled) toast(t(`${way}_ends`));
    else button.form.requestSubmit(button);
  }

  #click(event) {
    const link = event.target.closest("a[data-version]");
    if (!link || !this.#viewer || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.#viewer.show(link.dataset.version);
  }

  #move(act, version) {
    const { work, current } = this.dataset;
    const url = `/api/artifacts/${work}/versions/`;
    return attempt(async () => {
      try {
        const line = await api("POST", url, { act, expected: current, ...(version ? { version } : {}) });
        const now = line.items.find((one) => one.id === line.current);
        this.#show(line, t("version_now", { n: now?.number ?? "" }));
      } catch (error) {
        if (error.code !== "changed") throw error;
        this.#show(await api("GET", url), error.message);
      }
    });
  }

  #show(line, words) {
    this.#viewer.show(line.current, this.dataset.current);
    toast(words);
  }
}

customElements.define("ij-versions", IjVersions);
