// A menu made of <details>: Escape and a click elsewhere close it, and the focus goes back to what opened it.
class IjMenu extends HTMLElement {
  connectedCallback() {
    this.details = this.querySelector("details");
    document.addEventListener("click", this);
    this.addEventListener("keydown", this);
  }

  disconnectedCallback() {
    document.removeEventListener("click", this);
  }

  handleEvent(event) {
    if (!this.details.open) return;
    if (event.type === "click" && (!this.contains(event.target) || event.target.closest("[data-again], [data-words]"))) this.details.open = false;
    if (event.type === "keydown" && event.key === "Escape") {
      event.stopPropagation();
      this.details.open = false;
      this.details.querySelector("summary").focus();
    }
  }
}

customElements.define("ij-menu", IjMenu);
