// A drawing goes to the server as a picture and its strokes, and comes back as a work.
import { ApiError, authorHeaders } from "../api.js";
import { toJson } from "./strokes.js";

/** `labels`: {session, of, title, alt}, empty ones are left out. Returns the work; throws ApiError, or TypeError offline. */
export async function saveDrawing(url, canvas, sheet, labels) {
  const body = new FormData();
  body.append("file", await pngOf(canvas), "drawing.png");
  body.append("strokes", new Blob([toJson(sheet)], { type: "application/json" }), "strokes.json");
  for (const [name, value] of Object.entries(labels)) if (value) body.append(name, value);
  const response = await fetch(url, { method: "POST", credentials: "same-origin", headers: { Accept: "application/json", ...authorHeaders() }, body });
  const isJson = (response.headers.get("Content-Type") || "").includes("json");
  const answer = isJson ? await response.json() : {};
  if (!response.ok) throw new ApiError(response.status, answer);
  return answer;
}

function pngOf(canvas) {
  return new Promise((done, failed) => {
    canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error("the canvas gave no picture"))), "image/png");
  });
}
