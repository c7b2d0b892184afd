// The two ways in which a file comes: sent from here, or fetched by the server from an address, which is a job.
import { ApiError, api, authorHeaders } from "../api.js";
import { ended } from "../following.js";
import { t } from "../words.js";

/** Sends a file; `tell(words, percent)` hears how far it is. Resolves with the work, or undefined when `signal` stopped it. */
export function send(item, { session, tell, signal }) {
  const body = new FormData();
  body.append("file", item.file, item.file.name || "picture");
  body.append("by", item.by);
  if (item.title) body.append("title", item.title);
  if (session) body.append("session", session);
  const xhr = new XMLHttpRequest(); // fetch does not say how much was sent
  xhr.open("POST", "/api/artifacts/");
  for (const [name, value] of Object.entries({ Accept: "application/json", ...authorHeaders() })) xhr.setRequestHeader(name, value);
  xhr.upload.addEventListener("progress", ({ loaded, total }) => {
    const percent = Math.floor((loaded / total) * 100);
    if (percent < 100) tell(t("bring_sending", { n: percent }), percent);
  });
  xhr.upload.addEventListener("load", () => tell(t("bring_checking"), null));
  signal.addEventListener("abort", () => xhr.abort());
  return new Promise((done, fail) => {
    xhr.addEventListener("load", () => {
      const answer = answerOf(xhr);
      if (xhr.status === 201) done(answer);
      else fail(new ApiError(xhr.status, answer));
    });
    xhr.addEventListener("error", () => fail(new TypeError(t("not_reached"))));
    xhr.addEventListener("abort", () => done(undefined));
    xhr.send(body);
  });
}

function answerOf(xhr) {
  try {
    return JSON.parse(xhr.responseText);
  } catch {
    return { detail: t("not_done", { code: xhr.status }) };
  }
}

/** Asks for the file at an address; the job that fetches it. Throws ApiError for an address that is not asked. */
export function ask(path, url, session) {
  return api("POST", path, { url, ...(session ? { session } : {}) });
}

/** Follows the job to its end. Resolves with the work, or undefined when it was cancelled. */
export async function fetched(job, told) {
  return (await ended(job, told))?.artifacts[0];
}
