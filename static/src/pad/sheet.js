// The layers of the pad: ink, and above it the stroke that is under way. Undo draws again from the nearest kept picture.
import { BRUSH_ALPHA, drawEnd, drawFrom, drawWhole } from "./pen.js";
import { CLEAR } from "./history.js";
import { boundsOf } from "./strokes.js";

const KEEP_EVERY = 24; // strokes between two kept pictures
const KEPT = 4; // of 16 MB each at 2048 px

export class Sheet {
  /** `ink` and `live` are canvases of the same size, one over the other. */
  constructor(ink, live) {
    [this.ink, this.live] = [ink, live].map((canvas) => canvas.getContext("2d"));
    this.kept = [];
  }

  resize(document_) {
    for (const { canvas } of [this.ink, this.live]) {
      canvas.width = document_.width;
      canvas.height = document_.height;
    }
    this.size = { width: document_.width, height: document_.height };
    this.kept = [];
  }

  /** The eraser works on the ink at once; pen and brush on the layer above, so that a see-through line never overlaps itself. */
  extend(stroke, from) {
    const layer = stroke.tool === "eraser" ? this.#erasing() : this.live;
    drawFrom(layer, stroke, from);
    if (stroke.tool === "eraser") layer.restore();
  }

  /** A stroke that is done is drawn whole: smoother than in the pieces in which it came. */
  end(stroke) {
    if (stroke.tool === "eraser") {
      drawEnd(this.#erasing(), stroke);
      return this.ink.restore();
    }
    return this.#put(stroke);
  }

  /** Takes back a stroke that was only begun. Of the eraser's nothing but drawing again helps. */
  drop(stroke, done) {
    if (stroke.tool === "eraser") return this.draw(done);
    return this.live.clearRect(0, 0, this.size.width, this.size.height);
  }

  /** After an act was added: now and then the picture is kept. */
  grew(done) {
    if (done.at(-1) === CLEAR) this.#wipe();
    if (done.length % KEEP_EVERY === 0) this.#keep(done.length);
  }

  /** Everything that was done, from the nearest picture that was kept. */
  draw(done) {
    this.kept = this.kept.filter(({ count }) => count <= done.length);
    const near = this.kept.at(-1);
    this.#wipe();
    if (near) this.ink.drawImage(near.canvas, 0, 0);
    const cleared = done.lastIndexOf(CLEAR) + 1;
    if (near && cleared > near.count) this.#wipe();
    for (let at = Math.max(near?.count ?? 0, cleared); at < done.length; at += 1) {
      if (done[at].tool === "eraser") this.extend(done[at], 0);
      this.end(done[at]);
      if ((at + 1) % KEEP_EVERY === 0) this.#keep(at + 1);
    }
  }

  /** One canvas with the ground, the picture under it and the ink. */
  flatten(ground, picture) {
    const out = document.createElement("canvas");
    Object.assign(out, this.size);
    const context = out.getContext("2d");
    context.fillStyle = ground;
    context.fillRect(0, 0, out.width, out.height);
    if (picture) context.drawImage(picture, 0, 0, out.width, out.height);
    context.drawImage(this.ink.canvas, 0, 0);
    return out;
  }

  #put(stroke) {
    const box = boundsOf(stroke, this.size);
    if (!box) return;
    const { x, y, width, height } = box;
    this.live.clearRect(x, y, width, height);
    drawWhole(this.live, stroke);
    this.ink.globalAlpha = stroke.tool === "brush" ? BRUSH_ALPHA : 1;
    this.ink.drawImage(this.live.canvas, x, y, width, height, x, y, width, height);
    this.ink.globalAlpha = 1;
    this.live.clearRect(x, y, width, height);
  }

  #erasing() {
    this.ink.save();
    this.ink.globalCompositeOperation = "destination-out";
    return this.ink;
  }

  #wipe() {
    this.ink.clearRect(0, 0, this.size.width, this.size.height);
  }

  #keep(count) {
    if (this.kept.some((one) => one.count === count)) return;
    const canvas = this.kept.length < KEPT ? document.createElement("canvas") : this.kept.shift().canvas;
    Object.assign(canvas, this.size);
    canvas.getContext("2d").drawImage(this.ink.canvas, 0, 0);
    this.kept.push({ count, canvas });
  }
}
