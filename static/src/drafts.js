// Words that were typed and not sent. They lie on this device and belong to one person: their keys carry her membership,
// so that on a device which a class shares nobody finds them, and signing out takes them away.
const PREFIX = "ij-words:";

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

/** Removes them from this device. */
export function forgetDrafts(member, storage = localStorage) {
  const start = draftKey(member, "");
  for (const key of keysOf(storage)) if (key.startsWith(start)) storage.removeItem(key);
}

function keysOf(storage) {
  return Array.from({ length: storage.length }, (_, at) => storage.key(at));
}
