// The editor of a text: a preview while one writes, a draft every few seconds, Ctrl S in place. Without it the forms do all that.
import { api, ApiError, authorHeaders } from "../api.js";
import { alertNow } from "../say.js";
import { t, timeWords } from "../words.js";

const PREVIEW_MS = 700;
const DRAFT_MS = 2500;

class IjWrite extends HTMLElement {
  #form; #title; #body; #saved; #timers = {}; #shown = 0; #saving = false; #leaving = false;

  connectedCallback() {
    this.#form = this.querySelector("form.write-form");
    this.#title = this.#form.elements.namedItem("title");
    this.#body = this.#form.elements.namedItem("body");
    this.#saved = this.querySelector(".notice") ? null : this.#typed;
    this.#form.addEventListener("input", this);
    this.#form.addEventListener("submit", this);
    document.addEventListener("keydown", this);
    document.addEventListener("visibilitychange", this);
    window.addEventListener("pagehide", this);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this);
    document.removeEventListener("visibilitychange", this);
    window.removeEventListener("pagehide", this);
  }

  handleEvent(event) {
    if (event.type === "input") this.#changed();
    if (event.type === "submit" && event.submitter?.value === "save") this.#submit(event);
    if (event.type === "visibilitychange" && document.visibilityState === "hidden") this.#keepNow();
    if (event.type === "pagehide") this.#keepNow();
    if (event.type === "keydown" && event.key === "s" && (event.ctrlKey || event.metaKey) && !event.altKey) {
      event.preventDefault();
      this.save();
    }
  }

  get #typed() {
    return `${this.#title.value}\n${this.#body.value}`;
  }

  /** When the draft that this tab knows was kept; another tab's is neither replaced nor dropped. */
  get #seen() {
    return this.#form.elements.namedItem("seen");
  }

  get #content() {
    const base = this.#form.elements.namedItem("base")?.value;
    return { title: this.#title.value, body: this.#body.value, seen: this.#seen.value || null, ...(base ? { base } : {}) };
  }

  #changed() {
    this.#later("preview", PREVIEW_MS, () => this.#preview());
    this.#later("draft", DRAFT_MS, () => this.#keep());
  }

  #later(name, wait, act) {
    clearTimeout(this.#timers[name]);
    this.#timers[name] = setTimeout(() => {
      this.#timers[name] = 0;
      act();
    }, wait);
  }

  async #preview() {
    const number = ++this.#shown;
    try {
      const { html, words } = await api("POST", this.dataset.preview, { body: this.#body.value });
      if (number !== this.#shown) return;
      document.getElementById("preview").innerHTML = html; // cleaned by the server
      this.querySelector("[data-count-words]").textContent = this.dataset.count.replace("{n}", words);
    } catch {
      // the next pause asks again; what matters, the draft, says so itself
    }
  }

  async #keep() {
    if (this.#typed === this.#saved || this.#saving) return;
    try {
      this.#seen.value = (await api("PUT", this.dataset.draft, this.#content)).kept;
      this.#say(this.dataset.kept.replace("{time}", timeWords(new Date())));
    } catch (error) {
      this.#say(error instanceof ApiError ? error.message : this.dataset.lost);
    }
  }

  /** On the way out: sent even while the page goes away. */
  async #keepNow() {
    if (!this.#timers.draft || this.#leaving) return;
    clearTimeout(this.#timers.draft);
    this.#timers.draft = 0;
    const headers = { "Content-Type": "application/json", ...authorHeaders() };
    const body = JSON.stringify(this.#content);
    const keepalive = body.length < 60000;
    const answer = await fetch(this.dataset.draft, { method: "PUT", headers, body, credentials: "same-origin", keepalive });
    if (answer.ok) this.#seen.value = (await answer.json()).kept;
  }

  /** A new text is posted, since it gets an address of its own; one that is a work is saved in place. */
  #submit(event) {
    if (!this.dataset.api) {
      this.#leaving = true;
      return;
    }
    event.preventDefault();
    this.save();
  }

  async save() {
    if (!this.dataset.api) return this.#form.requestSubmit(document.querySelector('button[form="write"][value="save"]'));
    if (this.#saving) return;
    if (this.#typed === this.#saved) return this.#say(this.dataset.same);
    this.#saving = true;
    const typed = this.#typed;
    const { base: version, ...content } = this.#content;
    try {
      const saved = await api("PUT", this.dataset.api, { ...content, version });
      this.#title.value ||= saved.title;
      this.#form.elements.namedItem("base").value = saved.version;
      this.#seen.value = "";
      this.#saved = typed;
      this.querySelector(".notice")?.remove();
      this.#say(t("saved", { time: timeWords(new Date()) }));
      if (this.#typed !== typed) this.#changed();
      await this.#refreshVersions();
    } catch (error) {
      if (error.code === "changed_elsewhere") return this.#toServer();
      this.#later("draft", DRAFT_MS, () => this.#keep());
      this.#say(error.message);
      alertNow(error.message);
    } finally {
      this.#saving = false;
    }
  }

  async #refreshVersions() {
    const answer = await fetch(this.#form.action, { credentials: "same-origin" });
    const list = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("pane-list");
    if (list) document.getElementById("pane-list").innerHTML = list.innerHTML;
  }

  /** The server shows both texts. */
  #toServer() {
    this.#leaving = true;
    const act = Object.assign(document.createElement("input"), { type: "hidden", name: "act", value: "save" });
    this.#form.append(act);
    this.#form.submit();
  }

  #say(words) {
    this.querySelector("[data-kept-line]").textContent = words;
  }
}

customElements.define("ij-write", IjWrite);
