// The drawing pad. Its parts: hand.js and keyboard.js draw on the easel, keeping.js keeps the draft, saving.js makes a work.
import { api } from "../api.js";
import { Easel } from "../pad/easel.js";
import { Frame } from "../pad/frame.js";
import { Hand } from "../pad/hand.js";
import { Keeping } from "../pad/keeping.js";
import { Keyboard } from "../pad/keyboard.js";
import { saveDrawing } from "../pad/saving.js";
import { listen } from "../pad/shortcuts.js";
import { emptySheet, isSheet } from "../pad/strokes.js";
import { Tools } from "../pad/tools.js";
import { toast } from "../toast.js";
import { t, timeWords } from "../words.js";

class IjPad extends HTMLElement {
  connectedCallback() {
    this.box = this.querySelector("[data-sheet]");
    this.picture = this.querySelector("[data-picture]");
    this.easel = new Easel(this.querySelector("[data-ink]"), this.querySelector("[data-live]"), () => this.#changed());
    this.tools = new Tools(this, this.box);
    const kind = () => this.tools.kind;
    new Hand(this.box, this.easel, kind);
    this.keyboard = new Keyboard(this.box, this.easel, kind, (words) => this.#say(words));
    this.frame = new Frame(this.querySelector("[data-frame]"), this.box, (percent) => this.#zoomed(percent));
    this.keeping = new Keeping(this.dataset.place, () => this.easel.document, () => toast(t("not_kept"), { urgent: true }));
    this.addEventListener("click", (event) => this.#click(event));
    this.addEventListener("input", ({ target }) => this.#under(target));
    this.addEventListener("submit", (event) => this.#submit(event));
    listen({ step: (way) => this.#step(way), save: () => this.querySelector("[data-save]").requestSubmit(), act: (act) => this.#act(act), tools: this.tools });
    this.ready = this.#begin();
  }

  /** What lies on the device comes first, then the strokes of the work that is taken up, then an empty sheet. */
  async #begin() {
    const kept = this.keeping.found();
    const sheet = kept ?? (await this.#taken()) ?? emptySheet(JSON.parse(this.dataset.start));
    await this.#ground(sheet);
    this.easel.open(sheet);
    this.isSaved = !kept;
    this.frame.show(sheet);
    this.querySelector("[data-again]").hidden = !kept;
    this.dataset.ready = "";
    this.#buttons();
  }

  async #taken() {
    if (!this.dataset.of) return null;
    try {
      const sheet = await api("GET", `${this.dataset.drawings}${this.dataset.of}/`);
      if (isSheet(sheet)) return sheet;
    } catch (error) {
      console.warn(error.message);
    }
    toast(t("pad_no_strokes"), { urgent: true });
    return null;
  }

  /** The picture under the strokes. One that is gone leaves the strokes as they are. */
  async #ground(sheet) {
    this.hasPicture = false;
    if (sheet.over) {
      this.picture.src = this.dataset.file.replace(this.dataset.blank, sheet.over);
      this.hasPicture = await this.picture.decode().then(() => true, () => false);
      if (!this.hasPicture) toast(t("pad_no_picture"), { urgent: true });
    }
    this.picture.hidden = !this.hasPicture;
    for (const part of this.querySelectorAll("[data-over-only]")) part.hidden = !this.hasPicture;
    this.querySelector("[name=under]").checked = sheet.under;
  }

  #under(target) {
    if (target.name === "dim") this.picture.style.opacity = target.value / 100;
    if (target.name !== "under") return;
    this.easel.sheet.under = target.checked;
    this.#changed();
  }

  #changed() {
    this.isSaved = false;
    this.keeping.soon();
    this.querySelector("[data-saved]").textContent = "";
    this.#buttons();
  }

  #buttons() {
    const { easel } = this;
    for (const [act, can] of Object.entries({ undo: easel.canUndo, redo: easel.canRedo, clear: !easel.isEmpty }))
      this.querySelector(`[data-act=${act}]`).setAttribute("aria-disabled", String(!can));
  }

  #click({ target }) {
    const act = target.closest("[data-act]")?.dataset.act;
    if (act) this.#act(act);
  }

  #act(act) {
    if (["in", "out", "fit"].includes(act)) return this.frame.act(act);
    if (act === "undo" || act === "redo") return this.#step(act);
    if (act === "clear" && !this.easel.isEmpty) {
      this.easel.clear();
      toast(t("pad_cleared"), { undo: () => this.#step("undo") });
    }
    if (act === "anew") this.#anew();
    return undefined;
  }

  #step(way) {
    const act = this.easel[way]();
    this.#say(t(act ? `pad_${way}` : "pad_nothing"));
  }

  /** Leaves the draft and begins with the work as it was saved, or with an empty sheet. Undo brings the draft back. */
  async #anew() {
    const draft = this.easel.document;
    this.keeping.forget();
    await this.#begin();
    const back = () => { this.easel.open(draft); this.#changed(); };
    toast(t("pad_anew"), { undo: back });
  }

  async #submit(event) {
    const makes = event.target.matches("[data-make]");
    if (makes && this.isSaved && this.dataset.of) return; // the form goes as it is
    event.preventDefault();
    const words = event.target;
    if ((await this.#save()) && makes) words.submit();
  }

  async #save() {
    const form = this.querySelector("[data-save]");
    const button = form.querySelector("[type=submit]");
    if (this.easel.isEmpty || this.isSaving) {
      if (!this.isSaving) toast(t("pad_empty"), { urgent: true });
      return false;
    }
    this.isSaving = true;
    button.setAttribute("aria-disabled", "true");
    const wrong = form.querySelector("[data-wrong]");
    wrong.textContent = "";
    const work = await this.#send(form).catch((error) => {
      console.warn(error.message);
      wrong.textContent = error.status ? error.message : t("not_reached");
    });
    this.isSaving = false;
    button.removeAttribute("aria-disabled");
    if (work) this.#became(work);
    return Boolean(work);
  }

  async #send(form) {
    this.easel.end();
    const { sheet } = this.easel;
    const canvas = this.easel.layers.flatten(sheet.ground, sheet.under && this.hasPicture ? this.picture : null);
    const { title, alt } = form.elements;
    const labels = { session: this.dataset.session, of: this.dataset.of, title: title.value, alt: alt.value };
    return saveDrawing(this.dataset.drawings, canvas, this.easel.document, labels);
  }

  /** It is a work now: the address names it, so that a reload takes it up again and the next save is its next version. */
  #became(work) {
    const place = `${location.pathname}?of=${work.id}`;
    this.keeping.moveTo(place);
    this.dataset.of = work.id;
    this.isSaved = true;
    history.replaceState(null, "", place);
    this.querySelector("[data-again]").hidden = true;
    for (const field of this.querySelectorAll("[name=drawing]")) field.value = work.id;
    this.querySelector("[name=alt]").value = work.alt;
    this.querySelector("[data-save-words]").textContent = t("pad_next_version");
    const link = this.querySelector("[data-work-link]");
    link.href = link.dataset.workLink.replace(this.dataset.blank, work.id);
    link.hidden = false;
    this.querySelector("[data-saved]").textContent = t("saved", { time: timeWords(new Date()) });
  }

  #zoomed(percent) {
    this.querySelector("[data-zoom-now]").textContent = t("percent", { n: percent });
  }

  #say(words) {
    this.querySelector("[data-say]").textContent = words;
  }
}

customElements.define("ij-pad", IjPad);
