// Whose pointer draws. One at a time: a second finger, or the hand beside the pen, makes no line. Pure; tested.
const PALM_MS = 1200; // after a pen was near, touches are the hand that holds it

export class Pointers {
  constructor() {
    this.active = null;
    this.penAt = -Infinity;
  }

  /** Whether this pointer may begin a stroke now; it is the active one then. `now` in ms. */
  take({ pointerId, pointerType, button, isPrimary }, now) {
    if (pointerType === "pen") this.penAt = now;
    if (this.active !== null || button !== 0 || !isPrimary) return false;
    if (pointerType === "touch" && now - this.penAt < PALM_MS) return false;
    this.active = pointerId;
    return true;
  }

  /** A pen that only hovers keeps the palm away too. */
  near({ pointerType }, now) {
    if (pointerType === "pen") this.penAt = now;
  }

  owns({ pointerId }) {
    return this.active === pointerId;
  }

  release() {
    this.active = null;
  }
}
