import assert from "node:assert/strict";
import { test } from "node:test";
import { fold, resumeList } from "../../static/src/progress.js";

const queued = { seq: 1, state: "queued", queue_position: 3 };

test("a job envelope replaces what it names and keeps the rest", () => {
  const next = fold({ ...queued, preview_url: "/p" }, { type: "job", seq: 2, job: { state: "leased", stage: "making", progress: 0 } });
  assert.deepEqual(next, { seq: 2, state: "leased", stage: "making", progress: 0, queue_position: 3, preview_url: "/p" });
});

test("an older job envelope changes nothing", () => {
  const view = { seq: 5, state: "submitted", progress: 0.6 };
  assert.equal(fold(view, { type: "job", seq: 4, job: { state: "queued", progress: 0 } }), view);
});

test("a tick moves the bar even when its seq lags, and never turns seq back", () => {
  const next = fold({ seq: 5, state: "submitted", progress: 0.2 }, { type: "tick", seq: 4, progress: 0.3 });
  assert.deepEqual(next, { seq: 5, state: "submitted", progress: 0.3 });
});

test("a tick repeats the last seq and still moves the bar", () => {
  assert.equal(fold({ seq: 5, state: "submitted", progress: 0.2 }, { type: "tick", seq: 5, progress: 0.3 }).progress, 0.3);
});

test("progress may go back to unknown", () => {
  assert.equal(fold({ seq: 1, state: "leased", progress: 0.2 }, { type: "tick", seq: 1, progress: null }).progress, null);
});

test("a tick with progress shows that a queued job has begun", () => {
  assert.equal(fold(queued, { type: "tick", seq: 1, progress: 0.1 }).state, "leased");
  assert.equal(fold(queued, { type: "tick", seq: 1, queue_position: 2 }).state, "queued");
});

test("nothing moves a job that has ended", () => {
  for (const state of ["succeeded", "failed", "cancelled"]) {
    const view = { seq: 9, state };
    assert.deepEqual(fold(view, { type: "job", seq: 10, job: { state: "queued" } }), { seq: 10, state });
    assert.equal(fold(view, { type: "job", seq: 9, job: { state: "queued" } }), view);
    assert.equal(fold(view, { type: "tick", seq: 10, progress: 0.5 }), view);
  }
});

test("resuming names the jobs that have not ended, each with its last seq", () => {
  const views = new Map([["a", { seq: 3, state: "leased" }], ["b", { seq: 9, state: "succeeded" }], ["c", { seq: 0, state: "queued" }]]);
  assert.deepEqual(resumeList(views), { a: 3, c: 0 });
});
