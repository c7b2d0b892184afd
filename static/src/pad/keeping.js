// A drawing under way is kept on this device after every stroke: it survives a reload and a crash, and signing out takes
// it away like words that were typed and not sent.
import { drawingKey } from "../drafts.js";
import { fromJson, toJson } from "./strokes.js";

const PAUSE_MS = 250; // the stroke is over; writing waits until the hand rests

export class Keeping {
  /** `place`: which drawing this is; `document_()`: as it is now; `failed()`: there was no room on this device. */
  constructor(place, document_, failed) {
    Object.assign(this, { place, document_, failed });
    this.waiting = null;
    addEventListener("pagehide", () => this.flush());
    document.addEventListener("visibilitychange", () => document.hidden && this.flush());
  }

  get #key() {
    return drawingKey(document.body.dataset.member, this.place);
  }

  /** What was left here, null when there is nothing. */
  found() {
    const kept = localStorage.getItem(this.#key);
    return kept ? fromJson(kept) : null;
  }

  soon() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.flush(), PAUSE_MS);
  }

  flush() {
    if (this.waiting === null) return;
    clearTimeout(this.waiting);
    this.waiting = null;
    const sheet = this.document_();
    try {
      if (sheet.strokes.length) localStorage.setItem(this.#key, toJson(sheet));
      else localStorage.removeItem(this.#key);
    } catch (error) {
      console.warn(error.message);
      this.failed();
    }
  }

  /** It is a work now, or nobody wants it. */
  forget() {
    clearTimeout(this.waiting);
    this.waiting = null;
    localStorage.removeItem(this.#key);
  }

  /** The same drawing goes by another name now: it became a work. */
  moveTo(place) {
    this.forget();
    this.place = place;
  }
}
