// "More" of the bottom bar and the narrow rail: a link to the panel (:target) without scripts, a disclosure with them.
class IjMore extends HTMLElement {
  connectedCallback() {
    this.link = this.querySelector("a");
    this.panel = document.getElementById(this.link.hash.slice(1));
    this.link.setAttribute("role", "button");
    this.#set(false);
    this.link.addEventListener("click", (event) => {
      event.preventDefault();
      this.#set(!this.panel.classList.contains("open"));
    });
    this.link.addEventListener("keydown", (event) => {
      if (event.key === " ") { event.preventDefault(); this.link.click(); }
    });
    document.addEventListener("keydown", this);
    document.addEventListener("click", this);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this);
    document.removeEventListener("click", this);
  }

  handleEvent(event) {
    if (!this.panel.classList.contains("open")) return;
    if (event.type === "click" && !this.contains(event.target) && !this.panel.contains(event.target)) this.#set(false);
    if (event.type === "keydown" && event.key === "Escape") { this.#set(false); this.link.focus(); }
  }

  #set(open) {
    this.panel.classList.toggle("open", open);
    this.link.setAttribute("aria-expanded", String(open));
  }
}

customElements.define("ij-more", IjMore);
