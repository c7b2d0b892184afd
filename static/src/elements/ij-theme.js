// System, light or dark. Kept in a cookie, so the server draws the next page right from the start.
const ONE_YEAR_S = 31_536_000;

class IjTheme extends HTMLElement {
  connectedCallback() {
    this.hidden = false;
    this.addEventListener("change", ({ target }) => {
      const theme = target.value;
      if (theme) document.documentElement.dataset.theme = theme;
      else delete document.documentElement.dataset.theme;
      document.cookie = `theme=${theme};path=/;max-age=${theme ? ONE_YEAR_S : 0};samesite=lax`;
    });
  }
}

customElements.define("ij-theme", IjTheme);
