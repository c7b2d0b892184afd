// The polite live region: one message in 10 s at most, the newest wins. Errors of one's own action go to alert().
const PAUSE_MS = 10_000;
let next = 0;
let waiting = null;

function put(message) {
  document.getElementById("say").textContent = message;
  next = Date.now() + PAUSE_MS;
}

/** Says `message` politely, now or when the pause is over; a newer message replaces one that waits. */
export function say(message) {
  clearTimeout(waiting);
  const pause = next - Date.now();
  if (pause <= 0) put(message);
  else waiting = setTimeout(() => put(message), pause);
}

/** Says `message` at once. */
export function alertNow(message) {
  document.getElementById("say-now").textContent = message;
}
