// Words that were typed and not sent. They lie on this device and belong to one person: their keys carry her membership,
// so that on a device which a class shares nobody finds them, and signing out takes them away.
const PREFIX = "ij-words:";
const DRAWINGS = "ij-drawing:";

/** Where the words of `member` for `session` are kept. */
export function draftKey(member, session) {
  return `${PREFIX}${member}:${session}`;
}

/** What `member` has not sent: [{session, words}]; drafts of blanks are none. */
export function draftsOf(member, storage = localStorage) {
  const start = draftKey(member, "");
  return keysOf(storage)
    .filter((key) => key.startsWith(start))
    .map((key) => ({ session: key.slice(start.length), words: storage.getItem(key).trim() }))
    .filter(({ words }) => words);
}

/** Where the drawing of `member` that is under way at `place`, an address of the pad, is kept. */
export function drawingKey(member, place) {
  return `${DRAWINGS}${member}:${place}`;
}

/** The addresses of the pad at which `member` has a drawing that is no work yet. */
export function drawingsOf(member, storage = localStorage) {
  const start = drawingKey(member, "");
  return keysOf(storage)
    .filter((key) => key.startsWith(`${start}/studio/`))
    .map((key) => key.slice(start.length));
}

/** Removes words and drawings from this device. */
export function forgetDrafts(member, storage = localStorage) {
  const starts = [draftKey(member, ""), drawingKey(member, "")];
  for (const key of keysOf(storage)) if (starts.some((start) => key.startsWith(start))) storage.removeItem(key);
}

function keysOf(storage) {
  return Array.from({ length: storage.length }, (_, at) => storage.key(at));
}
