// Which tool is in hand, in which colour and width. Each tool keeps its own width; the next visit begins with the last ones.
const KEPT = "ij-pad-tools";
const WIDTHS = { pen: 6, brush: 28, eraser: 36 };
const COLOUR_KEYS = "1234567890";

export class Tools {
  /** `host` holds the controls by their names; `box` shows the tool for its looks. */
  constructor(host, box) {
    Object.assign(this, { host, box });
    const kept = JSON.parse(localStorage.getItem(KEPT) ?? "{}");
    this.widths = { ...WIDTHS, ...kept.widths };
    this.own = host.querySelector("[name=own]");
    this.width = host.querySelector("[name=width]");
    this.#check("tool", kept.tool);
    this.#check("colour", kept.colour);
    if (kept.own) this.own.value = kept.own;
    host.addEventListener("input", (event) => this.#input(event.target));
    this.#show();
  }

  get tool() {
    return this.#checked("tool") ?? "pen";
  }

  get kind() {
    const chosen = this.#checked("colour");
    const colour = chosen === "own" || !chosen ? this.own.value : chosen;
    return { tool: this.tool, colour: colour.toLowerCase(), width: Number(this.width.value) };
  }

  /** Takes the tool of this name. */
  pick(tool) {
    if (!tool || !this.#check("tool", tool)) return false;
    this.#show();
    return true;
  }

  /** A figure takes a colour, comma and full stop make the line narrower and wider. */
  key(key) {
    const colours = [...this.host.querySelectorAll("[name=colour]")];
    const at = COLOUR_KEYS.indexOf(key);
    if (key === "," || key === ".") return this.#widen(key === "." ? 1 : -1);
    if (at < 0 || at >= colours.length || key === "0") return false;
    colours[at].checked = true;
    this.#show();
    return true;
  }

  #widen(by) {
    this.width.value = Number(this.width.value) + by * Math.max(1, Math.round(this.width.value / 8));
    this.#input(this.width);
    return true;
  }

  #input(target) {
    if (target === this.width) this.widths[this.tool] = Number(target.value);
    if (target === this.own) this.#check("colour", "own");
    if (["tool", "colour", "own", "width"].includes(target.name)) this.#show();
  }

  #show() {
    const { tool } = this;
    this.width.value = this.widths[tool];
    this.box.dataset.tool = tool;
    this.host.querySelector("[data-width-now]").textContent = `${this.width.value} px`;
    this.host.querySelector("[data-own-shown]").setAttribute("fill", this.own.value);
    const kept = { tool, colour: this.#checked("colour"), own: this.own.value, widths: this.widths };
    try {
      localStorage.setItem(KEPT, JSON.stringify(kept));
    } catch (error) {
      console.warn(error.message); // a full device forgets the tools, the drawing says so itself
    }
  }

  #checked(name) {
    return this.host.querySelector(`[name=${name}]:checked`)?.value;
  }

  #check(name, value) {
    const input = [...this.host.querySelectorAll(`[name=${name}]`)].find((one) => one.value === value);
    if (input) input.checked = true;
    return Boolean(input);
  }
}
