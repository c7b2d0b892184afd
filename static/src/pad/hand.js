// Pointers to strokes: mouse, finger and pen, with every point that the browser gathered between two frames.
import { Pointers } from "./pointers.js";

export class Hand {
  /** `kind()` says tool, colour and width of the next stroke. */
  constructor(box, easel, kind) {
    Object.assign(this, { box, easel, kind });
    this.pointers = new Pointers();
    for (const name of ["pointerdown", "pointermove", "pointerup", "pointercancel", "lostpointercapture"]) box.addEventListener(name, this);
    box.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false }); // no scroll, no loupe
  }

  handleEvent(event) {
    this[event.type](event);
  }

  pointerdown(event) {
    if (!this.pointers.take(event, event.timeStamp)) return;
    event.preventDefault();
    this.box.focus({ preventScroll: true });
    this.frame = this.box.getBoundingClientRect();
    this.easel.begin(this.kind(), this.#point(event));
    try {
      this.box.setPointerCapture(event.pointerId);
    } catch (error) {
      if (error.name !== "NotFoundError") throw error; // the pointer is gone already
    }
  }

  pointermove(event) {
    this.pointers.near(event, event.timeStamp);
    if (!this.pointers.owns(event)) return;
    const all = event.getCoalescedEvents?.() ?? [];
    this.easel.extend((all.length ? all : [event]).map((one) => this.#point(one)));
  }

  pointerup(event) {
    if (!this.pointers.owns(event)) return;
    this.easel.extend([this.#point(event, true)]);
    this.#done();
  }

  /** The browser took the pointer away: what was drawn until then stays. */
  lostpointercapture(event) {
    if (this.pointers.owns(event)) this.#done();
  }

  /** The system took a touch for something else: that was no stroke. */
  pointercancel(event) {
    if (!this.pointers.owns(event)) return;
    this.pointers.release();
    this.easel.cancel();
  }

  #done() {
    this.pointers.release();
    this.easel.end();
  }

  /** A lifted pointer presses with nothing; its last pressure is as good. */
  #point({ clientX, clientY, pointerType, pressure, timeStamp }, lifted = false) {
    const { frame, easel } = this;
    return {
      x: ((clientX - frame.left) * easel.sheet.width) / frame.width,
      y: ((clientY - frame.top) * easel.sheet.height) / frame.height,
      time: timeStamp,
      pointerType: pointerType || "mouse",
      pressure: lifted ? (easel.last?.force ?? 0.5) : pressure,
    };
  }
}
