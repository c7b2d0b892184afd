// Drawing without a pointer: the arrows move a cursor, the space bar lowers and lifts the pen; each place is spoken.
import { between, movedBy, percentsOf, startOf } from "./cursor.js";
import { t } from "../words.js";

export class Keyboard {
  /** `say(words)` speaks at once; `kind()` as in hand.js. */
  constructor(box, easel, kind, say) {
    Object.assign(this, { box, easel, kind, say });
    this.mark = box.querySelector("[data-cursor]");
    this.at = null;
    this.isDown = false;
    for (const name of ["keydown", "blur", "pointerdown"]) box.addEventListener(name, this);
  }

  handleEvent(event) {
    if (event.type === "blur") return this.lift();
    if (event.type === "pointerdown") return this.#hide();
    if (event.ctrlKey || event.metaKey || event.isComposing) return undefined;
    if (event.key === " ") return this.#taken(event, () => this.#space());
    if (event.key === "Escape" && this.isDown) return this.#taken(event, () => this.lift(true));
    return this.#arrow(event);
  }

  #taken(event, act) {
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  #arrow(event) {
    const from = this.#here();
    const to = movedBy(event, from, this.easel.sheet);
    if (!to) return;
    this.#taken(event, () => {
      if (this.isDown) this.easel.extend(between(from, to).map((one) => ({ ...one, time: event.timeStamp })));
      this.at = to;
      this.#show();
      this.#tell();
    });
  }

  #space() {
    if (this.isDown) return this.lift(true);
    this.isDown = true;
    this.easel.begin(this.kind(), { ...this.#here(), time: performance.now() });
    this.#show();
    return this.#tell();
  }

  /** Ends the stroke under way. `aloud`: says where. */
  lift(aloud = false) {
    if (!this.isDown) return;
    this.isDown = false;
    this.easel.end();
    this.#show();
    if (aloud) this.#tell();
  }

  /** The sheet is another one now. */
  forget() {
    this.isDown = false;
    this.at = null;
    this.mark.hidden = true;
  }

  #here() {
    this.at ??= startOf(this.easel.sheet);
    return this.at;
  }

  #hide() {
    this.lift();
    this.mark.hidden = true;
  }

  #show() {
    const { x, y } = percentsOf(this.at, this.easel.sheet);
    this.mark.hidden = false;
    this.mark.toggleAttribute("data-down", this.isDown);
    Object.assign(this.mark.style, { left: `${x}%`, top: `${y}%` });
    this.mark.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  #tell() {
    this.say(t(this.isDown ? "pad_down" : "pad_up", percentsOf(this.at, this.easel.sheet)));
  }
}
