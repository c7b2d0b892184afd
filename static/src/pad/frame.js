// How large the sheet is shown: it fits its frame, or is so many times as large and scrolls in it.
const STEP = 1.4;
const MOST = 6;

export class Frame {
  /** `told(percent)` hears how large the sheet is shown. */
  constructor(frame, box, told) {
    Object.assign(this, { frame, box, told });
    this.times = 1;
    new ResizeObserver(() => this.fit()).observe(frame);
  }

  /** `act`: in, out or fit. */
  act(act) {
    const times = { in: this.times * STEP, out: this.times / STEP, fit: 1 }[act];
    this.times = Math.min(MOST, Math.max(1, times));
    this.fit();
  }

  show(sheet) {
    this.sheet = sheet;
    this.times = 1;
    this.frame.style.aspectRatio = `${sheet.width} / ${sheet.height}`;
    this.fit();
  }

  fit() {
    if (!this.sheet || !this.frame.clientWidth) return;
    const { width, height } = this.sheet;
    const scale = Math.min(this.frame.clientWidth / width, this.frame.clientHeight / height) * this.times;
    this.box.style.width = `${Math.floor(width * scale)}px`;
    this.box.style.height = `${Math.floor(height * scale)}px`;
    this.told(Math.round(scale * 100));
  }
}
