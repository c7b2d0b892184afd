// What the pad works on: the document, its history and the layers. Hands and keys draw on it and do not know each other.
import { History } from "./history.js";
import { pressureOf } from "./pressure.js";
import { Sheet } from "./sheet.js";
import { addPoint, newStroke } from "./strokes.js";

export class Easel {
  /** `changed` is called after every act, never within a stroke. */
  constructor(ink, live, changed) {
    this.layers = new Sheet(ink, live);
    this.changed = changed;
    this.stroke = null;
  }

  /** Puts a document (see strokes.js) on the easel. */
  open(sheet) {
    this.sheet = sheet;
    this.history = new History(sheet.strokes);
    this.layers.resize(sheet);
    this.layers.draw(this.history.done);
  }

  /** The document as it is now. */
  get document() {
    return { ...this.sheet, strokes: this.history.shown };
  }

  begin({ tool, colour, width }, at) {
    this.end();
    this.stroke = newStroke(tool, colour, width);
    this.last = null;
    this.extend([at]);
  }

  /** `points`: {x, y, time in ms, pointerType, pressure}; the last two are left out by keys. */
  extend(points) {
    if (!this.stroke) return;
    const from = this.stroke.points.length / 3;
    for (const one of points) this.#add(one);
    if (this.stroke.points.length / 3 > from) this.layers.extend(this.stroke, from);
  }

  #add(one) {
    const before = this.last;
    const speed = before ? Math.hypot(one.x - before.x, one.y - before.y) / Math.max(1, one.time - before.time) : 0;
    const pressure = one.pointerType ? pressureOf(one, speed, before?.force ?? null) : 0.5;
    if (addPoint(this.stroke, this.sheet, { ...one, pressure })) this.last = { ...one, force: pressure };
  }

  end() {
    const { stroke } = this;
    this.stroke = null;
    if (!stroke) return;
    this.layers.end(stroke);
    this.#did(stroke);
  }

  cancel() {
    const { stroke } = this;
    this.stroke = null;
    if (stroke) this.layers.drop(stroke, this.history.done);
  }

  clear() {
    this.end();
    if (this.history.clear()) this.#told(() => this.layers.grew(this.history.done));
  }

  undo() {
    this.end();
    const act = this.history.undo();
    if (act) this.#told(() => this.layers.draw(this.history.done));
    return act;
  }

  redo() {
    this.end();
    const act = this.history.redo();
    if (act) this.#told(() => this.layers.draw(this.history.done));
    return act;
  }

  get isEmpty() {
    return this.history.shown.length === 0;
  }

  get canUndo() {
    return this.history.done.length > 0;
  }

  get canRedo() {
    return this.history.undone.length > 0;
  }

  #did(stroke) {
    this.history.add(stroke);
    this.#told(() => this.layers.grew(this.history.done));
  }

  #told(draw) {
    draw();
    this.changed();
  }
}

