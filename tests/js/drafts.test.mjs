import assert from "node:assert/strict";
import { test } from "node:test";
import { draftKey, draftsOf, forgetDrafts } from "../../static/src/drafts.js";

/** A localStorage of its own. */
function storage(values) {
  const kept = new Map(Object.entries(values));
  return {
    get length() { return kept.size; },
    key: (at) => [...kept.keys()][at],
    getItem: (key) => kept.get(key) ?? null,
    removeItem: (key) => kept.delete(key),
  };
}

const SHARED = { [draftKey("mia", "s1")]: "quiet sea", [draftKey("mia", "s2")]: "  ", [draftKey("noah", "s3")]: "owls", other: "1" };

test("a person's drafts are found by her membership alone", () => {
  assert.deepEqual(draftsOf("mia", storage(SHARED)), [{ session: "s1", words: "quiet sea" }]);
  assert.deepEqual(draftsOf("mi", storage(SHARED)), []);
});

test("forgetting takes all of one person's and nothing of another's", () => {
  const device = storage(SHARED);
  forgetDrafts("mia", device);
  assert.deepEqual(Array.from({ length: device.length }, (_, at) => device.key(at)), [draftKey("noah", "s3"), "other"]);
});
