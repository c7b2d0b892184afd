// What the page knows of one job, folded from socket envelopes and poll answers alike. Pure; tested by node --test.
export const ENDED = new Set(["succeeded", "failed", "cancelled"]);

/**
 * The next state of a job's view. `view`: {seq, state, stage, progress, eta_s, queue_position, preview_url, cancelling}.
 * `envelope`: {type: "job", seq, job} or {type: "tick", seq, progress, stage, eta_s, queue_position, preview_url}.
 * Returns the same object when a job envelope is older than what is known, or when the job has ended
 * (where a newer envelope raises seq alone).
 */
export function fold(view, envelope) {
  const isTick = envelope.type === "tick";
  const seq = Math.max(view.seq, envelope.seq ?? 0);
  // A tick is always the present moment; its seq may lag behind a change that its worker has not heard of.
  if (ENDED.has(view.state) && !isTick && seq > view.seq) return { ...view, seq }; // picked or let go afterwards
  if (ENDED.has(view.state) || (!isTick && (envelope.seq ?? 0) < view.seq)) return view;
  const facts = envelope.type === "job" ? envelope.job : envelope;
  const next = { ...view, seq };
  for (const name of ["state", "stage", "eta_s", "queue_position", "preview_url", "text"])
    if (facts[name] !== undefined) next[name] = facts[name];
  if (facts.progress !== undefined) next.progress = facts.progress;
  // A tick says that work goes on, though it carries no state.
  if (isTick && view.state === "queued" && facts.progress > 0) next.state = "leased";
  return next;
}

/** What resume sends: the last seq of each job that has not ended. `views`: Map of id to view. */
export function resumeList(views) {
  const jobs = {};
  for (const [id, view] of views) if (!ENDED.has(view.state)) jobs[id] = view.seq;
  return jobs;
}
