// On the page of signing out: the words that were typed and not sent and the drawings that are no works yet, each with the
// way back to where it was made.
import { draftsOf, drawingsOf } from "../drafts.js";
import { t } from "../words.js";

class IjUnsent extends HTMLElement {
  connectedCallback() {
    const { member } = document.body.dataset;
    const words = draftsOf(member).map((draft) => this.#line(this.dataset.session.replace(this.dataset.blank, draft.session), draft.words));
    const drawings = drawingsOf(member).map((place) => this.#line(place, t("pad_unsaved")));
    this.hidden = !words.length && !drawings.length;
    this.querySelector("ul").replaceChildren(...words, ...drawings);
  }

  #line(address, words) {
    const link = document.createElement("a");
    link.href = address;
    const text = document.createElement("bdi");
    text.textContent = words;
    link.append(text);
    const line = document.createElement("li");
    line.append(link);
    return line;
  }
}

customElements.define("ij-unsent", IjUnsent);
