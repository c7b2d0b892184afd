// A button that prints the page; there only where scripts run.
class IjPrint extends HTMLElement {
  connectedCallback() {
    this.hidden = false;
    this.querySelector("button").addEventListener("click", () => window.print());
  }
}

customElements.define("ij-print", IjPrint);
