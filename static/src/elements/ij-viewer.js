// A work, large, over the page it lies on. The open work is in the address; arrow keys go to its neighbours. On a page with a
// canvas in sight a work is shown there first, and here when it is asked for once more.
import htmx from "htmx.org/dist/htmx.esm.js";
import { WorkShown } from "../work-shown.js";

class IjViewer extends WorkShown {
  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    document.addEventListener("click", this);
    addEventListener("popstate", this);
    this.dialog.addEventListener("close", () => this.#closed());
    this.dialog.addEventListener("click", (event) => {
      if (event.target === this.dialog || event.target.closest("[data-close]")) this.dialog.close();
      if (event.target.closest("[data-try-again]")) this.#open(this.at, null, this.tile);
    });
    this.hear(this.dialog);
    this.#followAddress();
  }

  disconnectedCallback() {
    document.removeEventListener("click", this);
    removeEventListener("popstate", this);
  }

  get #canvas() {
    const canvas = document.querySelector("ij-canvas");
    return canvas?.isInSight ? canvas : null;
  }

  handleEvent(event) {
    if (event.type === "popstate") return this.#followAddress();
    const link = event.target.closest("a[data-view]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    if (this.#canvas?.take(link.dataset.view)) return;
    this.enlarge(link.dataset.view, link);
  }

  /** `from` has the focus again afterwards. */
  enlarge(id, from) {
    this.from = from;
    this.#open(id, this.#canvas ? "replaceState" : "pushState");
  }

  /** Another version of the work that is open. `instead`: it also takes that one's place among the tiles of a library. */
  show(id, instead) {
    if (instead) this.retile(id, instead);
    this.#open(id, "replaceState", this.tile === instead ? id : this.tile);
  }

  #followAddress() {
    if (document.querySelector("ij-canvas")) return;
    const link = this.asked && this.links.find((one) => one.dataset.view === this.asked);
    if (link) this.#open(link.dataset.view, null);
    else if (this.dialog.open) this.dialog.close();
  }

  /** `tile`: the work of the page on which it stands; its neighbours are the next and the previous one. */
  async #open(id, history_, tile = id) {
    this.at = id;
    this.tile = tile;
    if (history_) this.address(id, history_);
    const body = this.querySelector(".viewer-body");
    const held = body.contains(document.activeElement) && document.activeElement.dataset.step;
    const url = this.dataset.panel.replace(this.dataset.blank, id);
    await htmx.ajax("GET", url, { source: this, target: body, swap: "innerHTML" }).catch((error) => console.warn(error.message));
    if (this.at !== id) return this.#mend(body); // closed, or gone on to another, while this one was coming
    const isThere = Boolean(body.querySelector(`[data-work="${id}"]`));
    body.hidden = !isThere;
    this.querySelector(".viewer-lost").hidden = isThere;
    if (!this.dialog.open) this.dialog.showModal();
    this.edges();
    if (held) body.querySelector(`[data-step="${held}"]:enabled`)?.focus();
  }

  /** An older answer that came last lies over the newer one. */
  #mend(body) {
    const there = body.querySelector("[data-work]");
    if (!this.at) body.replaceChildren();
    else if (there && there.dataset.work !== this.at) this.#open(this.at, null);
  }

  step(by) {
    const next = this.neighbour(by);
    if (!next) return;
    this.from = next;
    this.#open(next.dataset.view, "replaceState");
  }

  /** The shelf of notices and the focus go back to the page; the canvas goes on with what was looked at last. */
  #closed() {
    const last = this.at;
    this.querySelector(".viewer-body").replaceChildren();
    document.body.append(document.getElementById("toasts"));
    this.at = null;
    if (this.#canvas) this.#canvas.take(last);
    else this.address(null);
    if (this.from?.isConnected) this.from.focus();
  }
}

customElements.define("ij-viewer", IjViewer);
