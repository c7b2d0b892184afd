// The one socket. Sends `ij:live` events with envelopes; when the socket cannot be had, polling says the same.
import { api } from "./api.js";
import { backoff, pollDelay } from "./numbers.js";
import { ENDED, fold, resumeList } from "./progress.js";

const OPEN_WITHIN_MS = 3000;
const SIGNED_OUT = new Set([4401, 4403]);

class Live {
  #views = new Map();
  #topics = new Set();
  #socket = null;
  #failures = 0;
  #polling = false;
  #unchanged = 0;

  start() {
    this.#connect();
    addEventListener("online", () => this.#socket || this.#connect());
  }

  /** Whether news come by themselves at this moment. */
  get isOpen() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** Follows a job that this page shows; `view` is what the server rendered. Returns the freshest view known. */
  follow(id, view) {
    const known = this.#views.get(id);
    if (known && known.seq >= view.seq) return known;
    this.#views.set(id, view);
    if (this.#socket?.readyState === WebSocket.OPEN) this.#send({ type: "resume", jobs: { [id]: view.seq } });
    else this.#unchanged = 0;
    return view;
  }

  /** Hears of a topic that is not one's own, like a session of one's class. */
  watch(topic) {
    this.#topics.add(topic);
    if (this.#socket?.readyState === WebSocket.OPEN) this.#send({ type: "watch", topic });
  }

  #send(message) {
    this.#socket.send(JSON.stringify(message));
  }

  #connect() {
    const socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/ws/events/`);
    this.#socket = socket;
    const late = setTimeout(() => socket.close(), OPEN_WITHIN_MS);
    socket.onopen = () => {
      clearTimeout(late);
      this.#failures = 0;
      this.#send({ type: "resume", jobs: resumeList(this.#views) });
      for (const topic of this.#topics) this.#send({ type: "watch", topic });
    };
    socket.onmessage = ({ data }) => this.#take(JSON.parse(data));
    socket.onclose = ({ code }) => {
      clearTimeout(late);
      if (this.#socket === socket) this.#socket = null;
      if (SIGNED_OUT.has(code)) return this.#emit({ type: "signed_out" });
      setTimeout(() => this.#socket || this.#connect(), backoff(this.#failures++));
      this.#poll();
    };
  }

  #take(envelope) {
    const id = envelope.type === "job" ? envelope.job.id : envelope.job;
    if (envelope.type === "job" || envelope.type === "tick") {
      const before = this.#views.get(id) ?? { seq: 0, state: "queued" };
      const after = fold(before, envelope);
      if (after === before) return;
      this.#views.set(id, after);
      this.#emit({ type: envelope.type, id, view: after, before, job: envelope.type === "job" ? envelope.job : null });
    } else {
      this.#emit(envelope);
    }
  }

  #emit(detail) {
    document.dispatchEvent(new CustomEvent("ij:live", { detail }));
  }

  async #poll() {
    if (this.#polling) return;
    this.#polling = true;
    while (this.#socket?.readyState !== WebSocket.OPEN) {
      const changed = await Promise.all(
        Object.entries(resumeList(this.#views)).slice(0, 8).map(([id, seq]) => this.#ask(id, seq)),
      );
      this.#unchanged = changed.some(Boolean) ? 0 : this.#unchanged + 1;
      await new Promise((resume) => setTimeout(resume, pollDelay(this.#unchanged)));
    }
    this.#polling = false;
  }

  /** One poll of one job: true when it said something new. */
  async #ask(id, seq) {
    try {
      const job = await api("GET", `/api/jobs/${id}/?after=${seq}`);
      const { progress, stage, text } = this.#views.get(id);
      const preview_url = job.preview_url && `${job.preview_url}?at=${Date.now()}`;
      this.#take({ type: "job", seq: job.seq, job: { ...job, preview_url } });
      return job.seq > seq || job.progress !== progress || job.stage !== stage || (job.text || "") !== (text || "");
    } catch (error) {
      if (error.status === 404) this.#views.delete(id);
      return false; // not reachable now: the next round asks again, and <ij-net> says it
    }
  }
}

export const live = new Live();
export { ENDED };
