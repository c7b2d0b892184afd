// Folders beside the works: works are dragged onto a folder, and a folder onto another. By keys the bar of what is chosen
// and the folder's own menu do the same.
import { api } from "../api.js";
import { attempt } from "../attempt.js";
import { toast } from "../toast.js";
import { t } from "../words.js";

const WORKS = "application/x-ij8-works";
const FOLDER = "application/x-ij8-folder";

class IjFolders extends HTMLElement {
  connectedCallback() {
    this.querySelector("details").open = matchMedia("(min-width: 1024px)").matches;
    for (const name of ["dragstart", "dragover", "dragleave", "drop"]) document.addEventListener(name, this);
  }

  disconnectedCallback() {
    for (const name of ["dragstart", "dragover", "dragleave", "drop"]) document.removeEventListener(name, this);
  }

  handleEvent(event) {
    const folder = event.target.closest?.("a[data-folder]");
    if (event.type === "dragstart") return this.#start(event, folder);
    const types = event.dataTransfer.types;
    if (!folder || !this.contains(folder) || !(types.includes(WORKS) || types.includes(FOLDER))) return;
    if (event.type !== "dragleave") event.preventDefault();
    folder.toggleAttribute("data-over", event.type === "dragover");
    if (event.type === "drop") this.#drop(event.dataTransfer, folder.dataset.folder || null);
  }

  /** A chosen work takes all that are chosen along. */
  #start({ target, dataTransfer }, folder) {
    if (folder?.dataset.folder) return dataTransfer.setData(FOLDER, folder.dataset.folder);
    const tile = target.closest?.("[data-tile]");
    const box = tile?.querySelector("input[name=ids]");
    if (!box) return;
    const chosen = box.checked ? document.querySelectorAll("input[name=ids]:checked") : [box];
    dataTransfer.setData(WORKS, [...chosen].map((one) => one.value).join());
    dataTransfer.effectAllowed = "move";
  }

  #drop(data, folder) {
    const moved = data.getData(FOLDER);
    if (moved && moved !== folder) attempt(() => this.#nest(moved, folder));
    if (data.getData(WORKS)) attempt(() => this.#file(data.getData(WORKS).split(","), folder));
  }

  async #nest(moved, parent) {
    await api("PATCH", `/api/folders/${moved}/`, { parent });
    location.reload();
  }

  async #file(ids, folder) {
    const { done, undo } = await api("POST", "/api/artifacts/bulk/", { action: "file", ids, folder });
    const shown = new URLSearchParams(location.search).get("folder");
    const tiles = shown && shown !== (folder ?? "none") ? ids.map((id) => this.#tile(id)).filter(Boolean) : [];
    for (const tile of tiles) tile.hidden = true;
    toast(t("bulk_file", { n: done }), { undo: undo && (() => attempt(() => this.#back(undo, tiles))) });
  }

  async #back(undo, tiles) {
    const { done } = await api("POST", "/api/artifacts/bulk/", undo);
    for (const tile of tiles) tile.hidden = false;
    toast(t("bulk_refile", { n: done }));
  }

  #tile(id) {
    return document.querySelector(`input[name=ids][value="${id}"]`)?.closest("[data-tile]");
  }
}

customElements.define("ij-folders", IjFolders);
