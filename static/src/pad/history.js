// What was done on the pad, in its order, with undo and redo. Clearing is an act like a stroke, so it can be taken back.
// Pure; tested by node --test.
export const CLEAR = Object.freeze({ tool: "clear" });

export class History {
  /** `strokes` were there before: they can be undone too. */
  constructor(strokes = []) {
    this.done = [...strokes];
    this.undone = [];
  }

  add(act) {
    this.done.push(act);
    this.undone = [];
  }

  /** True when there is something on the sheet that clearing would take away. */
  clear() {
    if (!this.shown.length) return false;
    this.add(CLEAR);
    return true;
  }

  undo() {
    const act = this.done.pop();
    if (act) this.undone.push(act);
    return act ?? null;
  }

  redo() {
    const act = this.undone.pop();
    if (act) this.done.push(act);
    return act ?? null;
  }

  /** The strokes one sees: those since the sheet was cleared last. */
  get shown() {
    return this.done.slice(this.done.lastIndexOf(CLEAR) + 1);
  }
}
