// Rules of store/log.js: order, no duplicates, no holes that are not known of, resume, what is kept.

import assert from "node:assert/strict";
import test from "node:test";
import { KEPT_AT_END, KEPT_MOST, TAIL_MOST, addLive, addNewer, addOlder, atNewest, emptyLog, joined, newest, trim } from "../../../static/js/store/log.js";

const event = (seq) => ({ type: "message", seq });
const events = (from, to) => Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => event(from + i));
const seqs = (list) => list.map(({ seq }) => seq);
const range = (from, to) => seqs(events(from, to));
const snapshot = (from, to, more = from > 1) => joined(emptyLog(), { mode: "snapshot", epoch: "a", events: events(from, to), head_seq: to, more });
const resumed = (log, from, to, head, more) => joined(log, { mode: "resumed", epoch: "a", events: events(from, to), head_seq: head, more });
const live = (log, from, to) => events(from, to).reduce(addLive, log);

test("live messages are added in their order, each once", () => {
  const log = snapshot(1, 2);
  const more = live(log, 3, 4);
  assert.deepEqual(seqs(more.events), range(1, 4));
  assert.equal(addLive(more, event(2)), more);
  assert.equal(addLive(more, event(4)), more);
});

test("a live message after a hole stands apart until the hole is filled", () => {
  const log = live(snapshot(1, 2), 5, 6);
  assert.deepEqual([seqs(log.events), seqs(log.tail.events), newest(log)], [range(1, 2), range(5, 6), 6]);
  const whole = addNewer(log, events(3, 5), true);
  assert.deepEqual([seqs(whole.events), whole.tail], [range(1, 6), null]);
});

test("a durable event of another kind counts, and is not shown as a message", () => {
  let log = joined(emptyLog(), { mode: "snapshot", epoch: "a", events: [event(1), { type: "pin", seq: 2 }], head_seq: 2, more: false });
  assert.deepEqual([seqs(log.events), newest(log)], [[1], 2]);
  log = addLive(addLive(log, { type: "pin", seq: 3 }), event(4));
  assert.deepEqual([seqs(log.events), log.tail], [[1, 4], null]);
});

test("a page of events of another kind is known afterwards: the next one is older, or newer", () => {
  const pins = (from, to) => events(from, to).map((event) => ({ ...event, type: "pin" }));
  let log = joined(emptyLog(), { mode: "snapshot", epoch: "a", events: pins(151, 200), head_seq: 200, more: true });
  assert.deepEqual([log.events, log.start], [[], 151]);
  log = addOlder(log, pins(101, 150), true);
  assert.deepEqual([log.events, log.start, log.end], [[], 101, 200]);
  log = addOlder(log, events(51, 100), true);
  assert.deepEqual([seqs(log.events), log.start, log.end], [range(51, 100), 51, 200]);
  log = addNewer({ ...log, tail: { events: events(300, 300), after: 299, end: 300 } }, pins(201, 250), true);
  assert.deepEqual([log.end, newest(log)], [250, 300]);
});

test("a resume adds, a snapshot replaces", () => {
  const log = snapshot(11, 13);
  const on = resumed(log, 14, 15, 15, false);
  assert.deepEqual([seqs(on.events), on.more], [range(11, 15), true]);
  const fresh = joined(log, { mode: "snapshot", epoch: "b", events: events(1, 2), head_seq: 2, more: false });
  assert.deepEqual([seqs(fresh.events), fresh.epoch, fresh.more], [[1, 2], "b", false]);
});

test("a resume with more missing than a page: live messages wait beside the hole, pages fill it", () => {
  let log = resumed(snapshot(1, 10), 11, 210, 300, true);
  assert.equal(newest(log), 300);
  log = live(log, 301, 302);
  assert.deepEqual([seqs(log.events).at(-1), seqs(log.tail.events)], [210, [301, 302]]);
  log = addNewer(log, events(211, 302), false);
  assert.deepEqual([seqs(log.events), log.tail], [range(1, 302), null]);
});

test("a resume while one reads far above keeps what one reads", () => {
  const log = { ...snapshot(101, 150), tail: { events: events(900, 910), after: 899, end: 910 } };
  const near = resumed(log, 911, 912, 912, false);
  assert.deepEqual([seqs(near.events), seqs(near.tail.events), newest(near)], [range(101, 150), range(900, 912), 912]);
  const far = resumed(log, 911, 1110, 2000, true);
  assert.deepEqual([seqs(far.events), far.tail], [range(101, 150), { events: [], after: 2000, end: 2000 }]);
});

test("older pages go before, and say whether there are more", () => {
  const log = addOlder(snapshot(11, 20), events(1, 10), false);
  assert.deepEqual([seqs(log.events), log.more], [range(1, 20), false]);
});

test("with older pages the newest leave the middle, and come back page by page without a hole or a double", () => {
  let log = snapshot(4951, 5000);
  for (let first = 4901; first > 1; first -= 50) {
    log = addOlder(log, events(first, first + 49), first > 1);
    assert.ok(log.events.length <= KEPT_MOST);
    assert.deepEqual(seqs(log.events), range(log.events[0].seq, log.end));
  }
  assert.deepEqual([log.events[0].seq, log.end, newest(log), log.tail.events.length], [51, 50 + KEPT_MOST, 5000, TAIL_MOST]);
  log = live(log, 5001, 5003);
  while (log.tail) {
    log = addNewer(log, events(log.end + 1, log.end + 50), true);
    assert.ok(log.events.length <= KEPT_MOST);
    assert.deepEqual(seqs(log.events), range(log.events[0].seq, log.end));
  }
  assert.deepEqual([log.end, log.more], [5003, true]);
});

test("a jump shows the newest ones at once; without any they have to be fetched", () => {
  const far = { ...snapshot(101, 150), tail: { events: events(900, 910), after: 899, end: 910 } };
  const log = atNewest(far);
  assert.deepEqual([seqs(log.events), log.end, log.more, log.tail], [range(900, 910), 910, true, null]);
  assert.equal(atNewest(log), log);
  assert.equal(atNewest({ ...far, tail: { events: [], after: 910, end: 910 } }), null);
});

test("the newest ones beside a reader far above are bounded", () => {
  const log = live({ ...snapshot(1, 10), tail: { events: [], after: 900, end: 900 } }, 901, 2000);
  assert.ok(log.tail.events.length <= TAIL_MOST + 100);
  assert.deepEqual(seqs(log.tail.events), range(log.tail.after + 1, 2000));
});

test("a long log is cut at its beginning, and knows that there is more", () => {
  const log = trim(live(snapshot(1, 1), 2, 400));
  assert.deepEqual([log.events.length, log.end, log.more], [KEPT_AT_END, 400, true]);
  const short = snapshot(1, KEPT_AT_END);
  assert.equal(trim(short), short);
});
