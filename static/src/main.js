// Everything a page needs on first load: htmx, the elements, the live socket.
import "htmx.org/dist/htmx.esm.js";
import { authorHeaders } from "./api.js";
import * as drawLink from "./draw-link.js";
import * as leaving from "./leaving.js";
import { live } from "./live.js";
import * as notices from "./notices.js";
import { toast } from "./toast.js";
import { t } from "./words.js";
import "./elements/ij-bell.js";
import "./elements/ij-bring.js";
import "./elements/ij-canvas.js";
import "./elements/ij-choose.js";
import "./elements/ij-copy.js";
import "./elements/ij-folders.js";
import "./elements/ij-grid.js";
import "./elements/ij-idle.js";
import "./elements/ij-improve.js";
import "./elements/ij-job.js";
import "./elements/ij-more.js";
import "./elements/ij-net.js";
import "./elements/ij-notices.js";
import "./elements/ij-print.js";
import "./elements/ij-prompt.js";
import "./elements/ij-keys.js";
import "./elements/ij-lineage.js";
import "./elements/ij-look.js";
import "./elements/ij-menu.js";
import "./elements/ij-palette.js";
import "./elements/ij-panes.js";
import "./elements/ij-passkey.js";
import "./elements/ij-select.js";
import "./elements/ij-session.js";
import "./elements/ij-settings.js";
import "./elements/ij-shelf.js";
import "./elements/ij-talk.js";
import "./elements/ij-tray.js";
import "./elements/ij-unsent.js";
import "./elements/ij-turns.js";
import "./elements/ij-versions.js";
import "./elements/ij-viewer.js";
import "./elements/ij-work.js";
import "./elements/ij-zoom.js";
import "./missing.js";

document.addEventListener("htmx:config:request", (event) => {
  Object.assign(event.detail.ctx.request.headers, authorHeaders());
});

// htmx 4 swaps error pages too. Only an answer that names its own target (a form's errors) may be swapped.
document.addEventListener("htmx:before:response", (event) => {
  const { response, hx } = event.detail.ctx;
  if (response.status < 400 || hx.retarget) return;
  event.preventDefault();
  const wait = response.status === 429 && response.headers.get("Retry-After");
  if (wait) toast(t("too_often", { wait }), { urgent: true });
  else toast(response.status === 401 ? t("signed_out") : t("not_done", { code: response.status }), { urgent: true });
});

document.addEventListener("htmx:error", (event) => {
  if (event.detail.ctx) toast(t("not_reached"), { urgent: true });
  else console.error(event.detail.error);
});

// the page one is on, where the line of tabs is longer than the screen is wide
document.querySelector(".tab[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

leaving.start();
drawLink.start();
if (document.body.dataset.member) {
  live.start();
  notices.start();
}
