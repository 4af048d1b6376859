// Rules of store/queue.js: order, failure, a retry that is the same message.

import assert from "node:assert/strict";
import test from "node:test";
import { QUEUE_MOST, add, asCommand, asEvent, fail, fromKept, isFull, next, reconcile, remove, retry, toKept } from "../../../static/js/store/queue.js";

const item = (client_id, room = "sala-1") => ({ client_id, room, from: { username: "ana" }, text: client_id, images: [], files: [], at: 1 });
const of = (...ids) => ids.reduce((queue, id) => add(queue, item(id)), []);

test("the oldest of the room goes first", () => {
  const queue = add(add([], item("a", "sala-2")), item("b"));
  assert.equal(next(queue, "sala-1").client_id, "b");
  assert.equal(next(queue, "sala-3"), undefined);
});

test("a failed message waits for its author; a retry keeps its client_id", () => {
  const failed = fail(of("a", "b"), "a", "why-no-answer");
  assert.equal(next(failed, "sala-1").client_id, "b");
  const again = retry(failed, "a", 9);
  assert.deepEqual(again.map(({ client_id, state, at }) => [client_id, state, at]), [["b", "pending", 2], ["a", "pending", 9]]);
});

test("what the log shows has arrived, even if its ok was lost", () => {
  const left = reconcile(of("a", "b"), [{ client_id: "a", from: { username: "ana" } }, { client_id: "b", from: { username: "bia" } }], "ana");
  assert.deepEqual(left.map(({ client_id }) => client_id), ["b"]);
});

test("removing one leaves the others in order", () => {
  assert.deepEqual(remove(of("a", "b", "c"), "b").map(({ client_id }) => client_id), ["a", "c"]);
});

test("the command carries addresses only, the event all that was uploaded", () => {
  const sent = { ...item("a"), images: [{ url: "/static/1.png", name: "1.png" }] };
  assert.deepEqual(asCommand(sent), { type: "send", client_id: "a", text: "a", images: ["/static/1.png"], files: [] });
  const event = asEvent(sent, { seq: 7, sent_at: 99 }, { username: "ana", name: "Ana" });
  assert.deepEqual([event.seq, event.sent_at, event.images[0].name], [7, 99, "1.png"]);
});

test("two messages of one moment stand in their order", () => {
  assert.deepEqual(of("a", "b", "c").map(({ at }) => at), [1, 2, 3]);
});

test("what is kept comes back as it was, oldest first, as one's own", () => {
  const me = { username: "ana", name: "Ana Souza" };
  const queue = fail(of("a", "b", "c"), "b", "why-refused");
  const entries = queue.map((one) => [one.client_id, toKept(one)]).reverse();
  assert.deepEqual(fromKept(entries, me, 5), queue.map((one) => ({ ...one, from: me })));
});

test("what waited for more than a day goes out only when its author says so", () => {
  const kept = of("a").map((one) => [one.client_id, toKept(one)]);
  const [stale] = fromKept(kept, {}, 24 * 3_600_000 + 2);
  assert.deepEqual([stale.state, stale.why], ["failed", "why-stale"]);
  assert.equal(fromKept(kept, {}, 24 * 3_600_000)[0].state, "pending");
});

test("what cannot be read is left out, and no more is taken in than may wait", () => {
  const whole = { room: "a", text: "oi", images: [], files: [], at: 1, state: "pending", why: null };
  const broken = ["", "null", "{}", "[1]", JSON.stringify({ ...whole, at: "x" }), JSON.stringify({ ...whole, images: null }), JSON.stringify({ ...whole, state: "sent" })];
  assert.deepEqual(fromKept(broken.map((text, i) => [`x${i}`, text]), {}, 1), []);
  const many = Array.from({ length: QUEUE_MOST + 5 }, (_, i) => [`c${i}`, JSON.stringify({ ...whole, at: i })]);
  const queue = fromKept(many, {}, 1);
  assert.deepEqual([queue.length, isFull(queue), isFull(queue.slice(1))], [QUEUE_MOST, true, false]);
});
