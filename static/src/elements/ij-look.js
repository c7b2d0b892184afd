// Theme and text size of the own menu. They act at once, and a cookie lets the server draw the next page right from the start.
const ONE_YEAR_S = 31_536_000;
const ATTRIBUTES = { theme: "theme", text_size: "textSize" };

class IjLook extends HTMLElement {
  connectedCallback() {
    this.hidden = false;
    this.addEventListener("change", ({ target: { name, value } }) => {
      const root = document.documentElement.dataset;
      if (value) root[ATTRIBUTES[name]] = value;
      else delete root[ATTRIBUTES[name]];
      document.cookie = `${name}=${value};path=/;max-age=${value ? ONE_YEAR_S : 0};samesite=lax`;
    });
  }
}

customElements.define("ij-look", IjLook);
