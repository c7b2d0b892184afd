// A code with a button that copies it. Where the browser gives no clipboard, the code is selected instead.
import { say } from "../say.js";
import { t } from "../words.js";

class IjCopy extends HTMLElement {
  connectedCallback() {
    const [code, button] = [this.querySelector("code"), this.querySelector("button")];
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(code.textContent);
        say(t("copied"));
        button.querySelector("span").textContent = t("copied");
      } catch {
        getSelection().selectAllChildren(code);
      }
    });
  }
}

customElements.define("ij-copy", IjCopy);
