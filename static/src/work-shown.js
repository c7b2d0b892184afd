// A work shown large: over the page (ij-viewer) or on a session's canvas (ij-canvas). Steps to its neighbours on the page, and
// gives the zoom its keys.
const BY = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 };

export class WorkShown extends HTMLElement {
  /** Clicks and keys inside; a part of the page calls it once it is there. */
  hear(part) {
    part.addEventListener("click", ({ target }) => {
      const { step, zoom } = target.closest("[data-step], [data-zoom]")?.dataset ?? {};
      if (step) this.step(Number(step));
      if (zoom) this.querySelector("ij-zoom").act(zoom);
    });
    part.addEventListener("keydown", (event) => this.#key(event));
  }

  /** The zoom takes its keys first; arrows that it leaves go to the neighbours. */
  #key(event) {
    if (event.target.matches("input, textarea, select, video") || this.querySelector("ij-zoom")?.key(event)) return;
    if (!BY[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.step(BY[event.key]);
  }

  /** The tiles of the page, each work once: those of the conversation before the others. */
  get links() {
    const all = [...document.querySelectorAll("#turns a[data-view]"), ...document.querySelectorAll("a[data-view]")];
    const seen = new Map();
    for (const link of all) if (!link.closest(".viewer, ij-canvas, [hidden]") && !seen.has(link.dataset.view)) seen.set(link.dataset.view, link);
    return [...seen.values()];
  }

  neighbour(by) {
    const { links } = this;
    const at = links.findIndex((link) => link.dataset.view === this.tile);
    return at < 0 ? undefined : links[at + by];
  }

  edges() {
    for (const button of this.querySelectorAll("[data-step]")) button.disabled = !this.neighbour(Number(button.dataset.step));
  }

  /** Another version took the place of the current one: the tiles of a library show it from now on. */
  retile(id, instead) {
    for (const link of document.querySelectorAll(`.works a[data-view="${instead}"]`)) {
      link.dataset.view = id;
      for (const part of [link, ...link.querySelectorAll("img")])
        for (const name of ["href", "srcset", "src"])
          if (part.hasAttribute(name)) part.setAttribute(name, part.getAttribute(name).replaceAll(instead, id));
    }
  }

  /** The open work is in the address, so reload and sharing find it. */
  address(id, how = "replaceState") {
    const address = new URL(location.href);
    if (id) address.searchParams.set("open", id);
    else address.searchParams.delete("open");
    history[how](null, "", address);
  }

  get asked() {
    return new URLSearchParams(location.search).get("open");
  }
}
