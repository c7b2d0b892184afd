// A work, large, over the page it lies on. The open work is in the address; arrow keys go to its neighbours.
import htmx from "htmx.org/dist/htmx.esm.js";

class IjViewer extends HTMLElement {
  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    document.addEventListener("click", this);
    addEventListener("popstate", this);
    this.dialog.addEventListener("close", () => this.#closed());
    this.dialog.addEventListener("click", (event) => {
      if (event.target === this.dialog || event.target.closest("[data-close]")) this.dialog.close();
      const step = event.target.closest("[data-step]");
      if (step) this.#step(Number(step.dataset.step));
    });
    this.dialog.addEventListener("keydown", (event) => {
      if (event.target.matches("input, textarea, select")) return;
      if (event.key === "ArrowRight") this.#step(1);
      if (event.key === "ArrowLeft") this.#step(-1);
    });
    this.#followAddress();
  }

  disconnectedCallback() {
    document.removeEventListener("click", this);
    removeEventListener("popstate", this);
  }

  handleEvent(event) {
    if (event.type === "popstate") return this.#followAddress();
    const link = event.target.closest("a[data-view]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    this.from = link;
    this.#open(link.dataset.view, "pushState");
  }

  get #links() {
    return [...document.querySelectorAll("a[data-view]")].filter((link) => !this.contains(link));
  }

  #followAddress() {
    const id = new URLSearchParams(location.search).get("open");
    const link = id && this.#links.find((one) => one.dataset.view === id);
    if (link) this.#open(id, null);
    else if (this.dialog.open) this.dialog.close();
  }

  async #open(id, history_) {
    this.at = id;
    if (history_) {
      const address = new URL(location.href);
      address.searchParams.set("open", id);
      history[history_](null, "", address);
    }
    const body = this.querySelector(".viewer-body");
    await htmx.ajax("GET", this.dataset.panel.replace(this.dataset.blank, id), { source: this, target: body, swap: "innerHTML" });
    if (!this.dialog.open) this.dialog.showModal();
    this.#edges();
  }

  #step(by) {
    const links = this.#links;
    const next = links[links.findIndex((link) => link.dataset.view === this.at) + by];
    if (!next) return;
    this.from = next;
    this.#open(next.dataset.view, "replaceState");
  }

  #edges() {
    const ids = this.#links.map((link) => link.dataset.view);
    const at = ids.indexOf(this.at);
    for (const button of this.querySelectorAll("[data-step]"))
      button.disabled = ids[at + Number(button.dataset.step)] === undefined;
  }

  /** The shelf of notices and the focus go back to the page. */
  #closed() {
    document.body.append(document.getElementById("toasts"));
    const address = new URL(location.href);
    address.searchParams.delete("open");
    history.replaceState(null, "", address);
    this.at = null;
    if (this.from?.isConnected) this.from.focus();
  }
}

customElements.define("ij-viewer", IjViewer);
