// Rules of store/log.js: order, no duplicates, resume without holes.

import assert from "node:assert/strict";
import test from "node:test";
import { KEPT_AT_BOTTOM, addEvents, addOlder, contiguousSeq, emptyLog, joined, lastSeq, trim } from "../../../static/js/store/log.js";

const event = (seq) => ({ type: "message", seq });
const events = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => event(from + i));
const seqs = (log) => log.events.map(({ seq }) => seq);

test("messages are kept by seq, each once", () => {
  let log = addEvents(emptyLog(), [event(1), event(3)]);
  log = addEvents(log, [event(2), event(3), event(2)]);
  assert.deepEqual(seqs(log), [1, 2, 3]);
});

test("what is known already changes nothing", () => {
  const log = addEvents(emptyLog(), events(1, 3));
  assert.equal(addEvents(log, [event(2)]), log);
});

test("a resume is asked from before the first hole", () => {
  assert.equal(contiguousSeq(addEvents(emptyLog(), [event(4), event(5), event(7)])), 5);
  assert.equal(contiguousSeq(emptyLog()), 0);
});

test("a resume adds, a snapshot replaces", () => {
  const log = { ...addEvents(emptyLog(), events(1, 3)), epoch: "a", more: true };
  const resumed = joined(log, { mode: "resumed", epoch: "a", events: events(4, 5), more: false });
  assert.deepEqual(seqs(resumed), [1, 2, 3, 4, 5]);
  assert.equal(resumed.more, true);
  const fresh = joined(log, { mode: "snapshot", epoch: "b", events: events(1, 2), more: false });
  assert.deepEqual(seqs(fresh), [1, 2]);
  assert.equal(fresh.epoch, "b");
});

test("a durable event of another kind is not shown as a message", () => {
  assert.deepEqual(seqs(joined(emptyLog(), { mode: "snapshot", epoch: "a", events: [event(1), { type: "pin", seq: 2 }], more: false })), [1]);
});

test("older pages go before, and say whether there are more", () => {
  const log = addOlder(addEvents(emptyLog(), events(11, 20)), events(1, 10), false);
  assert.equal(log.events[0].seq, 1);
  assert.equal(log.more, false);
});

test("a long log is cut at its beginning, and knows that there is more", () => {
  const log = trim(addEvents(emptyLog(), events(1, 400)));
  assert.equal(log.events.length, KEPT_AT_BOTTOM);
  assert.equal(lastSeq(log), 400);
  assert.equal(log.more, true);
});
