// A notice of the browser when a picture is ready and nobody looks at the tab. Only for whom asked for it in the settings.
import { t } from "./words.js";

/** Whether this browser may show notices: "granted", "denied", "default" (never asked), or "none" (cannot). */
export function permission() {
  return "Notification" in window ? Notification.permission : "none";
}

export function start() {
  if (document.body.dataset.notify === undefined) return;
  document.addEventListener("ij:live", ({ detail }) => {
    if (detail.type !== "job" || detail.view.state !== "succeeded" || detail.before.state === "succeeded") return;
    if (document.hidden && permission() === "granted") show(detail.job.batch.id);
  });
}

/** One notice for all takes of a batch: a later one takes the place of the first. */
function show(batch) {
  const notice = new Notification(t("say_done"), { tag: `ij8-${batch}`, icon: document.querySelector("link[rel=icon]").href });
  notice.onclick = () => { window.focus(); notice.close(); };
}
