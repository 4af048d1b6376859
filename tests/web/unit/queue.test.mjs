// Rules of store/queue.js: order, failure, a retry that is the same message.

import assert from "node:assert/strict";
import test from "node:test";
import { add, asCommand, asEvent, fail, next, reconcile, remove, retry } from "../../../static/js/store/queue.js";

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
  assert.deepEqual(again.map(({ client_id, state, at }) => [client_id, state, at]), [["b", "pending", 1], ["a", "pending", 9]]);
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
