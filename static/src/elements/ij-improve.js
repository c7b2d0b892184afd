// "Improve" beside the words: a language model proposes a prompt, shown against what was typed; the person takes it, takes it
// to go on writing, or leaves it.
import { api } from "../api.js";
import { ended } from "../following.js";
import { alertNow, say } from "../say.js";
import { t } from "../words.js";
import { wordDiff } from "../word-diff.js";

const TAGS = { same: "span", gone: "del", new: "ins" };

class IjImprove extends HTMLElement {
  #stop = null;

  connectedCallback() {
    this.button = this.querySelector("[data-improve]");
    this.panel = document.getElementById("improved");
    this.words = this.closest("form").elements.prompt;
    this.button.addEventListener("click", () => this.#ask());
    this.panel.addEventListener("click", ({ target }) => this.#decide(target.closest("[data-take]")?.dataset.take));
  }

  #part(name) {
    return this.panel.querySelector(`[data-${name}]`);
  }

  async #ask() {
    const prompt = this.words.value.trim();
    if (!prompt) return this.words.focus();
    this.#stop?.abort();
    this.#stop = new AbortController();
    this.button.setAttribute("aria-disabled", "true");
    this.#show(t("improve_asked"), []);
    try {
      const model = this.closest("form").elements.model?.value ?? "";
      const job = await api("POST", "/api/enhance-prompt/", { prompt, model });
      const told = await ended(job, { tell: () => {}, signal: this.#stop.signal });
      if (told) this.#propose(prompt, told.result);
      else this.panel.hidden = true;
    } catch (error) {
      const words = error instanceof TypeError ? t("not_reached") : error.message;
      this.#show(words, []);
      alertNow(words);
    }
    this.button.removeAttribute("aria-disabled");
  }

  #propose(before, { prompt, why, by }) {
    this.proposed = prompt;
    this.#show(t("improve_by", { by, why }), wordDiff(before, prompt));
    say(t("improve_ready"));
  }

  #show(line, pieces) {
    this.#part("line").textContent = line;
    this.#part("diff").replaceChildren(...pieces.map(({ text, is }) => Object.assign(document.createElement(TAGS[is]), { textContent: text })));
    for (const button of this.panel.querySelectorAll('[data-take="use"], [data-take="edit"]')) button.hidden = !pieces.length;
    this.panel.hidden = false;
  }

  #decide(take) {
    if (!take) return;
    this.#stop?.abort();
    this.panel.hidden = true;
    if (take !== "leave") {
      this.words.value = this.proposed;
      this.words.dispatchEvent(new Event("input", { bubbles: true }));
    }
    if (take === "use") this.closest("form").querySelector("[type=submit]").focus();
    else this.words.focus();
  }
}

customElements.define("ij-improve", IjImprove);
