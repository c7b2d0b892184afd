// The banner that says when this device is not connected, or is signed out elsewhere. Reading goes on.
class IjNet extends HTMLElement {
  connectedCallback() {
    for (const name of ["online", "offline"]) addEventListener(name, this);
    document.addEventListener("ij:live", this);
    this.#show();
  }

  disconnectedCallback() {
    for (const name of ["online", "offline"]) removeEventListener(name, this);
    document.removeEventListener("ij:live", this);
  }

  handleEvent(event) {
    if (event.type !== "ij:live") this.#show();
    else if (event.detail.type === "signed_out") this.querySelector("[data-signed-out]").hidden = false;
  }

  #show() {
    this.querySelector("[data-offline]").hidden = navigator.onLine;
  }
}

customElements.define("ij-net", IjNet);
