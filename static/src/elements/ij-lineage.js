// The drawing of a lineage is one Tab stop: arrow keys go to the next step, and to the branch above or below.
class IjLineage extends HTMLElement {
  connectedCallback() {
    this.links = [...this.querySelectorAll("a[data-node]")];
    const here = this.querySelector(".is-current a") ?? this.links.at(-1);
    for (const link of this.links) link.setAttribute("tabindex", link === here ? "0" : "-1");
    this.addEventListener("keydown", (event) => this.#key(event));
    this.addEventListener("focusin", ({ target }) => this.#hold(target.closest("a[data-node]")));
    here?.scrollIntoView({ block: "nearest", inline: "center" });
  }

  #hold(link) {
    if (!link) return;
    for (const one of this.links) one.setAttribute("tabindex", one === link ? "0" : "-1");
  }

  #key(event) {
    const at = event.target.closest("a[data-node]");
    const way = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[event.key];
    if (!at || !way || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.#nearest(at, way)?.focus();
  }

  /** Of those that lie this way the nearest; what is in the same lane or column counts as nearer. */
  #nearest(from, [right, down]) {
    const place = (link) => [Number(link.dataset.column), Number(link.dataset.lane) * 168];
    const [x, y] = place(from);
    const far = (link) => {
      const [dx, dy] = [place(link)[0] - x, place(link)[1] - y];
      const along = dx * right + dy * down;
      return along > 0 ? along + 3 * Math.abs(right ? dy : dx) : Infinity;
    };
    const best = this.links.reduce((one, other) => (far(other) < far(one) ? other : one), from);
    return far(best) < Infinity ? best : null;
  }
}

customElements.define("ij-lineage", IjLineage);
