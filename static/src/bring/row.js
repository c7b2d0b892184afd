// One line of the list: what of a file that is brought in is known now. The words and marks are in works/_bring_list.html.
import { t } from "../words.js";

export class Row {
  /** `onCancel`, `onAgain`: what the person presses. */
  constructor(template, name, { onCancel, onAgain }) {
    this.box = template.content.firstElementChild.cloneNode(true);
    this.#part("name").textContent = name;
    this.#part("cancel").addEventListener("click", onCancel);
    this.#part("again").addEventListener("click", onAgain);
    this.bar = this.box.querySelector("progress");
    this.bar.setAttribute("aria-label", name);
    for (const act of ["cancel", "again", "open"]) this.#part(act).setAttribute("aria-description", name);
  }

  #part(name) {
    return this.box.querySelector(`[data-${name}]`);
  }

  /** `percent` null: nobody knows how far it is; undefined: there is nothing to show. */
  tell(words, percent) {
    const line = this.#part("line");
    if (line.textContent !== words) line.textContent = words;
    this.bar.hidden = percent === undefined;
    if (percent === null) this.bar.removeAttribute("value");
    else if (percent !== undefined) this.bar.value = percent;
  }

  waits() {
    this.box.classList.remove("wrong");
    this.#buttons({ cancel: true });
    this.tell(t("state_queued"), 0);
  }

  /** It is a work now; `doc` is what the API told of it. */
  done(doc) {
    this.#buttons({ open: true });
    this.tell([t("bring_done"), ...(doc.told ?? [])].join(" "));
    const open = this.#part("open");
    open.href = `${open.dataset.works}${doc.id}/`;
    if (!doc.thumbnail_url) return;
    const still = new Image(48, 48);
    still.src = doc.thumbnail_url;
    still.alt = "";
    this.#part("still").replaceChildren(still);
  }

  failed(words, { again = false } = {}) {
    this.box.classList.add("wrong");
    this.#buttons({ again });
    this.tell(words);
  }

  #buttons(shown) {
    for (const name of ["cancel", "again", "open"]) {
      const button = this.#part(name);
      if (button.contains(document.activeElement) && !shown[name]) this.box.closest("[data-list]")?.querySelector("[data-done]").focus();
      button.hidden = !shown[name];
    }
  }
}
