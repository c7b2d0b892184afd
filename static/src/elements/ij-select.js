// Choosing works: boxes, Space, Shift with arrows, Ctrl A, Esc; and what is done with those that are chosen.
// Without scripts the boxes and the form of the bar do the same.
import { api } from "../api.js";
import { say } from "../say.js";
import { toast } from "../toast.js";
import { t } from "../words.js";

const AT_ONCE = 1000;
const WALKS = new Set(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"]);
const LEAVE = new Set(["trash", "restore"]);
const SUGGEST_MS = 200;

class IjSelect extends HTMLElement {
  #anchor = null; // the box where a range begins
  #base = new Set(); // what was chosen when it began
  #isAll = false; // all that the filter means, shown or not
  #due = null;

  connectedCallback() {
    this.form = this.querySelector("form.bulk");
    this.addEventListener("click", (event) => this.#click(event));
    this.addEventListener("change", ({ target }) => target.name === "ids" && this.#changed());
    this.addEventListener("keydown", (event) => this.#key(event));
    this.form.addEventListener("submit", (event) => this.#submit(event));
    // one field instead of a thousand: a server takes no more fields than that
    this.form.addEventListener("formdata", ({ formData }) => formData.set("ids", this.#ids.join()));
    this.querySelector("[name=tag]")?.addEventListener("input", ({ target }) => this.#suggest(target));
    new MutationObserver(() => this.#settle()).observe(this.querySelector(".works"), { childList: true });
    this.#settle();
    this.#changed();
  }

  get #boxes() {
    return [...this.querySelectorAll("input[name=ids]")].filter((box) => !box.closest("[hidden]"));
  }

  get #ids() {
    return this.#boxes.filter((box) => box.checked).map((box) => box.value);
  }

  /** A box is reached by its work's link and Space, so that the grid stays one Tab stop. */
  #settle() {
    for (const box of this.querySelectorAll('input[name=ids]:not([tabindex="-1"])')) box.tabIndex = -1;
  }

  #click(event) {
    if (event.target.closest("[data-none]")) return this.#choose([]);
    if (event.target.closest("[data-all]")) {
      this.#isAll = true;
      return this.#changed();
    }
    const box = event.target.closest("input[name=ids]");
    if (!box) return;
    if (event.shiftKey && this.#anchor) return this.#range(box);
    this.#begin(box);
  }

  #key(event) {
    const item = event.target.closest("[data-item]");
    const box = item?.closest("[data-tile]").querySelector("input[name=ids]");
    if (event.key === "Escape" && this.#ids.length) this.#choose([]);
    else if (box && event.key === " ") this.#toggle(box);
    else if (item && (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "a") this.#choose(this.#boxes);
    else if (item && event.shiftKey && WALKS.has(event.key)) {
      if (!this.#anchor) this.#begin(box);
      this.#range(document.activeElement.closest("[data-tile]").querySelector("input[name=ids]")); // the grid moved already
    } else return;
    event.preventDefault();
  }

  #toggle(box) {
    this.#begin(box);
    box.checked = !box.checked;
    this.#changed();
  }

  #begin(box) {
    this.#anchor = box;
    this.#base = new Set(this.#boxes.filter((one) => one.checked && one !== box));
  }

  #range(to) {
    const boxes = this.#boxes;
    const [from, end] = [boxes.indexOf(this.#anchor), boxes.indexOf(to)].sort((one, other) => one - other);
    boxes.forEach((box, at) => { box.checked = this.#base.has(box) || (at >= from && at <= end); });
    this.#changed();
  }

  #choose(wanted) {
    const chosen = new Set(wanted);
    for (const box of this.#boxes) box.checked = chosen.has(box);
    this.#anchor = null;
    this.#changed();
  }

  /** The bar says how many; all that the filter means stays chosen only while all that is shown is. */
  #changed() {
    const boxes = this.#boxes;
    const shown = boxes.filter((box) => box.checked).length;
    const all = Number(this.dataset.count);
    this.#isAll &&= shown === boxes.length;
    const words = this.#isAll ? t("all_chosen", { n: all }) : t("n_chosen", { n: shown });
    this.form.toggleAttribute("data-on", shown > 0);
    this.form.hidden = !shown;
    this.querySelector("[data-chosen]").textContent = words;
    this.querySelector("[data-none]").hidden = false;
    const offer = this.querySelector("[data-all]");
    if (offer) offer.hidden = this.#isAll || shown < boxes.length || boxes.length >= all;
    if (shown || this.said) say(words);
    this.said = shown > 0;
  }

  #submit(event) {
    const { value: action, formAction } = event.submitter;
    if (!action) { // the archive is a file: the browser fetches it
      if (!this.#isAll) return;
      event.preventDefault();
      location.assign(`${formAction}?${this.dataset.filter}`);
      return;
    }
    event.preventDefault();
    this.#try(() => this.#act(action));
  }

  async #try(act) {
    try {
      await act();
    } catch (error) {
      toast(error.status ? error.message : t("not_reached"), { urgent: true });
    }
  }

  async #act(action) {
    const tiles = this.#boxes.filter((box) => box.checked).map((box) => box.closest("[data-tile]"));
    const stale = [document.querySelector(".works-count .numbers"), this.#isAll && this.querySelector(".more")].filter(Boolean);
    const answers = [];
    for (const chosen of this.#orders()) answers.push(await api("POST", "/api/artifacts/bulk/", { action, ...this.#more(action), ...chosen }));
    const sum = (count) => answers.reduce((total, answer) => total + count(answer), 0);
    const refused = sum((answer) => answer.refused.length);
    const undo = answers.map((answer) => answer.undo).filter(Boolean);
    const words = t(`bulk_${action}`, { n: sum((answer) => answer.done) }) + (refused ? ` ${t("bulk_refused", { n: refused })}` : "");
    if (action === "star" || action === "unstar") for (const tile of tiles) tile.querySelector("[data-star]").hidden = action === "unstar";
    if (LEAVE.has(action) || this.#leaves(action)) this.#hide(tiles, stale);
    toast(words, { undo: undo.length ? () => this.#try(() => this.#takeBack(undo, [...tiles, ...stale])) : null });
  }

  /** What is moved out of the folder that is shown. */
  #leaves(action) {
    const shown = new URLSearchParams(this.dataset.filter).get("folder");
    return action === "file" && shown && (this.#more(action).folder ?? "none") !== shown;
  }

  /** By ids in portions, or by the filter. */
  #orders() {
    if (this.#isAll) {
      const { sort, ...filter } = Object.fromEntries(new URLSearchParams(this.dataset.filter));
      return [{ filter }];
    }
    const ids = this.#ids;
    return Array.from({ length: Math.ceil(ids.length / AT_ONCE) }, (_, at) => ({ ids: ids.slice(at * AT_ONCE, (at + 1) * AT_ONCE) }));
  }

  #more(action) {
    const { tag = "", session, folder } = Object.fromEntries(new FormData(this.form));
    if (action === "tag" || action === "untag") return { tags: tag.split(",").map((one) => one.trim()).filter(Boolean) };
    if (action === "file") return { folder: folder || null };
    return action === "move" ? { session } : {};
  }

  /** The focus goes to the next work that stays, or the one before. */
  #hide(tiles, stale) {
    const links = [...this.querySelectorAll("[data-tile]:not([hidden]) [data-item]")];
    const gone = new Set(tiles);
    const last = links.findLastIndex((link) => gone.has(link.closest("[data-tile]")));
    const stays = (link) => !gone.has(link.closest("[data-tile]"));
    const next = links.slice(last + 1).find(stays) ?? links.slice(0, last).findLast(stays);
    this.#choose([]);
    for (const part of [...tiles, ...stale]) part.hidden = true;
    (next ?? document.getElementById("main")).focus();
  }

  async #takeBack(orders, parts) {
    let done = 0;
    for (const order of orders) done += (await api("POST", "/api/artifacts/bulk/", order)).done;
    for (const part of parts) part.hidden = false;
    toast(t("bulk_restore", { n: done }));
  }

  #suggest(field) {
    clearTimeout(this.#due);
    this.#due = setTimeout(async () => {
      const [, head, part] = field.value.match(/^(.*,\s*)?(.*)$/);
      const { items } = part ? await api("GET", `/api/tags/?q=${encodeURIComponent(part.slice(0, 40))}`) : { items: [] };
      field.list.replaceChildren(...items.slice(0, 12).map(({ tag }) => new Option(tag, (head ?? "") + tag)));
    }, SUGGEST_MS);
  }
}

customElements.define("ij-select", IjSelect);
