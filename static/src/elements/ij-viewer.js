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
      if (event.target.closest("[data-try-again]")) this.#open(this.at, null, this.tile);
      const { step, zoom } = event.target.closest("[data-step], [data-zoom]")?.dataset ?? {};
      if (step) this.#step(Number(step));
      if (zoom) this.querySelector("ij-zoom").act(zoom);
    });
    this.dialog.addEventListener("keydown", (event) => this.#key(event));
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

  /** The zoom takes its keys first; arrows that it leaves go to the neighbours. */
  #key(event) {
    if (event.target.matches("input, textarea, select, video") || this.querySelector("ij-zoom")?.key(event)) return;
    const by = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 }[event.key];
    if (!by || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.#step(by);
  }

  /** Another version of the work that is open. `instead`: it also takes that one's place among the tiles of a library. */
  show(id, instead) {
    for (const link of instead ? document.querySelectorAll(`.works a[data-view="${instead}"]`) : []) {
      link.dataset.view = id;
      for (const part of [link, ...link.querySelectorAll("img")])
        for (const name of ["href", "srcset", "src"])
          if (part.hasAttribute(name)) part.setAttribute(name, part.getAttribute(name).replaceAll(instead, id));
    }
    this.#open(id, "replaceState", this.tile === instead ? id : this.tile);
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

  /** `tile`: the work of the page on which it stands; its neighbours are the next and the previous one. */
  async #open(id, history_, tile = id) {
    this.at = id;
    this.tile = tile;
    if (history_) {
      const address = new URL(location.href);
      address.searchParams.set("open", id);
      history[history_](null, "", address);
    }
    const body = this.querySelector(".viewer-body");
    const held = body.contains(document.activeElement) && document.activeElement.dataset.step;
    const url = this.dataset.panel.replace(this.dataset.blank, id);
    await htmx.ajax("GET", url, { source: this, target: body, swap: "innerHTML" }).catch((error) => console.warn(error.message));
    if (this.at !== id) return this.#mend(body); // closed, or gone on to another, while this one was coming
    const isThere = Boolean(body.querySelector(`[data-work="${id}"]`));
    body.hidden = !isThere;
    this.querySelector(".viewer-lost").hidden = isThere;
    if (!this.dialog.open) this.dialog.showModal();
    this.#edges();
    if (held) body.querySelector(`[data-step="${held}"]:enabled`)?.focus();
  }

  /** An older answer that came last lies over the newer one. */
  #mend(body) {
    const there = body.querySelector("[data-work]");
    if (!this.at) body.replaceChildren();
    else if (there && there.dataset.work !== this.at) this.#open(this.at, null);
  }

  #step(by) {
    const links = this.#links;
    const next = links[links.findIndex((link) => link.dataset.view === this.tile) + by];
    if (!next) return;
    this.from = next;
    this.#open(next.dataset.view, "replaceState");
  }

  #edges() {
    const ids = this.#links.map((link) => link.dataset.view);
    const at = ids.indexOf(this.tile);
    for (const button of this.querySelectorAll("[data-step]"))
      button.disabled = ids[at + Number(button.dataset.step)] === undefined;
  }

  /** The shelf of notices and the focus go back to the page. */
  #closed() {
    this.querySelector(".viewer-body").replaceChildren();
    document.body.append(document.getElementById("toasts"));
    const address = new URL(location.href);
    address.searchParams.delete("open");
    history.replaceState(null, "", address);
    this.at = null;
    if (this.from?.isConnected) this.from.focus();
  }
}

customElements.define("ij-viewer", IjViewer);
