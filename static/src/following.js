// A job that this page waits for: told on its way, resolved with what became of it.
import { ApiError, api } from "./api.js";
import { ENDED, live } from "./live.js";
import { t } from "./words.js";

/** `tell(words, percent)` hears how far it is; `signal` cancels it. Resolves with the job as the API tells it, or undefined
 * when it was cancelled; throws ApiError with its reason when it failed. */
export function ended(job, { tell, signal }) {
  let isOver = false;
  const stop = () => isOver || api("POST", `/api/jobs/${job.id}/cancel/`).catch((error) => console.warn(error.message));
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop);
  return new Promise((done, fail) => {
    const hear = async (view) => {
      if (isOver) return;
      if (!ENDED.has(view.state)) return tell(view.stage || t(`state_${view.state}`), view.progress === null || view.progress === undefined ? null : view.progress * 100);
      isOver = true;
      document.removeEventListener("ij:live", onLive);
      try {
        const whole = await api("GET", `/api/jobs/${job.id}/`);
        if (whole.state === "succeeded") done(whole);
        else if (whole.state === "cancelled") done(undefined);
        else fail(new ApiError(422, { detail: whole.error?.message }));
      } catch (error) {
        fail(error);
      }
    };
    const onLive = ({ detail }) => detail.id === job.id && hear(detail.view);
    document.addEventListener("ij:live", onLive);
    hear(live.follow(job.id, { seq: job.seq, state: job.state, stage: job.stage, progress: job.progress }));
  });
}
