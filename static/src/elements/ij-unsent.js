// On the page of signing out: the words that were typed and not sent, each with the way back to where it was typed.
import { draftsOf } from "../drafts.js";

class IjUnsent extends HTMLElement {
  connectedCallback() {
    const drafts = draftsOf(document.body.dataset.member);
    this.hidden = !drafts.length;
    this.querySelector("ul").replaceChildren(...drafts.map((draft) => this.#line(draft)));
  }

  #line({ session, words }) {
    const link = document.createElement("a");
    link.href = this.dataset.session.replace(this.dataset.blank, session);
    const text = document.createElement("bdi");
    text.textContent = words;
    link.append(text);
    const line = document.createElement("li");
    line.append(link);
    return line;
  }
}

customElements.define("ij-unsent", IjUnsent);
