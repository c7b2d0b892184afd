// Bringing work in: files that are chosen, taken by the camera, dropped anywhere on the page or pasted, and addresses.
// Two at once; each tells how far it is, can be cancelled, and says by itself what was wrong with it.
import htmx from "htmx.org/dist/htmx.esm.js";
import { api } from "../api.js";
import { catchFiles } from "../bring/catching.js";
import { ask, fetched, send } from "../bring/sending.js";
import { Row } from "../bring/row.js";
import { say } from "../say.js";
import { toast } from "../toast.js";
import { t, timeWords } from "../words.js";

const AT_ONCE = 2;
const OWN_NEWS = ["change", "submit"];

class IjBring extends HTMLElement {
  #waiting = [];
  #busy = new Set();
  #made = [];
  #asked = 0;
  #letGo = null;

  connectedCallback() {
    for (const name of ["list", "rows", "row", "veil", "sum"]) this[name] = this.querySelector(`[data-${name}]`);
    for (const name of OWN_NEWS) this.addEventListener(name, this);
    this.list.querySelector("[data-done]").addEventListener("click", () => this.#close());
    document.body.append(this.veil); // a head that stays in sight makes layers of its own
    if (this.dataset.bring === undefined) document.body.append(this.list);
    this.#letGo = catchFiles(this.veil, (files, by) => this.add(files, by));
    addEventListener("beforeunload", this);
  }

  disconnectedCallback() {
    this.#letGo();
    for (const part of [this.veil, this.list]) part.remove();
    removeEventListener("beforeunload", this);
  }

  handleEvent(event) {
    this[`_${event.type}`](event);
  }

  _change({ target }) {
    if (!target.files) return;
    this.add([...target.files], target.dataset.by);
    target.value = "";
    const menu = target.closest("details");
    if (menu) menu.open = false;
  }

  _submit(event) {
    const { address } = event.target.dataset;
    event.preventDefault();
    if (address) this.#address(event.target);
  }

  _beforeunload(event) {
    if ([...this.#busy, ...this.#waiting].some((item) => item.file)) event.preventDefault();
  }

  /** `by`: file, camera, drop or paste. */
  add(files, by) {
    for (const file of files) {
      const title = { paste: t("bring_pasted", { time: timeWords(new Date()) }), camera: t("bring_photo", { time: timeWords(new Date()) }) }[by];
      this.#queue({ file, by, title, name: title ?? file.name });
    }
    this.#next();
  }

  async #address(form) {
    const wrong = form.querySelector("[data-wrong]");
    const { url } = form.elements;
    wrong.hidden = true;
    try {
      const job = await ask(form.dataset.address, url.value.trim(), this.dataset.session);
      this.#queue({ job, name: new URL(url.value.trim()).hostname });
      url.value = "";
      const menu = form.closest("details");
      if (menu) menu.open = false;
      this.#next();
    } catch (error) {
      wrong.textContent = error instanceof TypeError ? t("not_reached") : error.message;
      wrong.hidden = false;
      url.focus();
    }
  }

  #queue(item) {
    item.row = new Row(this.row, item.name, { onCancel: () => this.#cancel(item), onAgain: () => this.#again(item) });
    item.row.waits();
    this.#asked += 1;
    this.#waiting.push(item);
    this.rows.append(item.row.box);
    this.list.hidden = false;
    this.#count();
  }

  #next() {
    while (this.#waiting.length && this.#busy.size < AT_ONCE) this.#run(this.#waiting.shift());
  }

  async #run(item) {
    this.#busy.add(item);
    item.stop = new AbortController();
    const told = { session: this.dataset.session, tell: (...words) => item.row.tell(...words), signal: item.stop.signal };
    try {
      const doc = await (item.job ? fetched(item.job, told) : send(item, told));
      if (doc) this.#keep(item, doc);
      else this.#drop(item);
    } catch (error) {
      item.row.failed(error.message, { again: Boolean(item.job) || error instanceof TypeError || error.retryable });
      say([item.name, error.message].join(": "));
    }
    this.#busy.delete(item);
    this.#next();
    if (!this.#busy.size) this.#over();
  }

  #keep(item, doc) {
    item.row.done(doc);
    this.#made.push(doc);
    this.#count();
  }

  #drop(item) {
    item.row.box.remove();
    this.#asked -= 1;
    this.#count();
    if (!this.rows.childElementCount) this.list.hidden = true;
  }

  #cancel(item) {
    const at = this.#waiting.indexOf(item);
    if (at >= 0) {
      this.#waiting.splice(at, 1);
      if (item.job) fetched(item.job, { tell() {}, signal: AbortSignal.abort() });
      return this.#drop(item);
    }
    item.stop?.abort();
  }

  async #again(item) {
    item.row.waits();
    if (item.job) item.job = await api("POST", `/api/jobs/${item.job.id}/retry/`);
    this.#waiting.push(item);
    this.#next();
  }

  #count() {
    this.sum.textContent = t("bring_sum", { n: this.#made.length, all: this.#asked });
  }

  /** All that was asked for has ended: the page shows what came, and one press takes it back. */
  #over() {
    const works = this.#made.splice(0);
    this.#asked = 0;
    if (!works.length) return;
    document.dispatchEvent(new CustomEvent("ij:brought", { detail: { works } }));
    this.#refresh();
    toast(t("bring_over", { n: works.length }), { undo: () => this.#undo(works) });
  }

  async #undo(works) {
    try {
      await api("POST", "/api/artifacts/bulk/", { action: "trash", ids: works.map(({ id }) => id) });
      this.#close();
      this.#refresh();
    } catch (error) {
      toast(error.message, { urgent: true });
    }
  }

  #refresh() {
    if (document.querySelector("ij-shelf")) document.dispatchEvent(new CustomEvent("ij:shelf"));
    else if (document.getElementById("no-works")) this.#begin();
    else if (document.getElementById("works")) htmx.ajax("GET", location.href, { source: this, target: "#works", swap: "innerMorph" });
  }

  /** The first works: the grid takes the place of the words that say there are none. */
  async #begin() {
    const page = await fetch(location.href).then((answer) => answer.text());
    const grid = new DOMParser().parseFromString(page, "text/html").querySelector("ij-select");
    if (!grid) return;
    document.getElementById("no-works").replaceWith(grid);
    htmx.process(grid);
  }

  #close() {
    if (this.#busy.size || this.#waiting.length) return;
    this.rows.replaceChildren();
    this.list.hidden = true;
  }
}

customElements.define("ij-bring", IjBring);
