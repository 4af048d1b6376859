// Rules of lib/rows.js: days, groups, system lines, what waits.

import assert from "node:assert/strict";
import test from "node:test";
import { GROUP_MS, buildRows } from "../../../static/js/lib/rows.js";

const NOON = new Date(2026, 2, 12, 12).getTime();
const said = (seq, username, at, more = {}) => ({ seq, from: { username, name: username }, text: `${seq}`, sent_at: at, ...more });
const build = (parts) => buildRows({ events: [], lines: [], waiting: [], unread: null, me: "ana", ...parts });
const kinds = (rows) => rows.map(({ kind }) => kind);
const firsts = (rows) => rows.filter(({ kind }) => kind === "message").map(({ first }) => first);

test("the same author within five minutes is one group", () => {
  const events = [said(1, "bia", NOON), said(2, "bia", NOON + GROUP_MS), said(3, "bia", NOON + 2 * GROUP_MS + 1), said(4, "ana", NOON + 2 * GROUP_MS + 2)];
  assert.deepEqual(firsts(build({ events })), [true, false, true, true]);
});

test("a new day begins with a divider and a new group", () => {
  const midnight = new Date(2026, 2, 13).getTime();
  const rows = build({ events: [said(1, "bia", midnight - 1000), said(2, "bia", midnight)] });
  assert.deepEqual(kinds(rows), ["day", "message", "day", "message"]);
  assert.deepEqual(firsts(rows), [true, true]);
});

test("a system line stands after the message it followed and ends the group", () => {
  const lines = [{ id: 1, after: 1, at: NOON + 1, what: "joined" }];
  const rows = build({ events: [said(1, "bia", NOON), said(2, "bia", NOON + 2)], lines });
  assert.deepEqual(kinds(rows), ["day", "message", "line", "message"]);
  assert.deepEqual(firsts(rows), [true, true]);
});

test("a system line from before the messages that are shown is left out", () => {
  const lines = [{ id: 1, after: 3, at: NOON, what: "joined" }];
  assert.deepEqual(kinds(build({ events: [said(7, "bia", NOON)], lines })), ["day", "message"]);
});

test("an own message keeps its key when it is confirmed", () => {
  const waiting = [{ client_id: "x1", from: { username: "ana", name: "Ana" }, text: "oi", at: NOON, state: "pending" }];
  const before = build({ waiting }).at(-1);
  const after = build({ events: [said(1, "ana", NOON, { client_id: "x1" })] }).at(-1);
  assert.equal(before.key, after.key);
  assert.equal(before.own && after.own, true);
  assert.deepEqual([before.state, after.state], ["pending", "sent"]);
});

test("someone else's client_id is no key of ours", () => {
  assert.equal(build({ events: [said(5, "bia", NOON, { client_id: "x1" })] }).at(-1).key, "s:5");
});

test("the unread divider stands before the first message not seen", () => {
  const rows = build({ events: [said(1, "bia", NOON), said(2, "bia", NOON)], unread: { seq: 2, count: 1 } });
  assert.deepEqual(kinds(rows), ["day", "message", "new", "message"]);
});

test("while there are older messages the first one only tells how the second begins", () => {
  const events = [said(7, "bia", NOON), said(8, "bia", NOON + 1), said(9, "caio", NOON + 2)];
  const rows = build({ events, more: true });
  assert.deepEqual(rows.map(({ key }) => key), ["s:8", "s:9"]);
  assert.deepEqual(firsts(rows), [false, true]);
  const older = build({ events: [said(6, "bia", NOON - 1), ...events], more: true });
  assert.deepEqual(older.slice(1).map(({ key, first }) => [key, first]), rows.map(({ key, first }) => [key, first]));
});

test("what belongs at the end of the log is left out while newer messages are missing", () => {
  const lines = [{ id: 1, after: 1, at: NOON, what: "joined" }, { id: 2, after: 9, at: NOON, what: "left" }];
  const waiting = [{ client_id: "x", from: { username: "ana" }, text: "oi", at: NOON, state: "pending" }];
  const events = [said(1, "bia", NOON), said(2, "bia", NOON)];
  assert.deepEqual(kinds(build({ events, lines, waiting, apart: true })), ["day", "message", "line", "message"]);
  assert.deepEqual(kinds(build({ events, lines, waiting })), ["day", "message", "line", "message", "line", "message"]);
});

test("a row that says the same is the same object, so that it is not drawn again", () => {
  const events = [said(1, "bia", NOON), said(2, "caio", NOON)];
  const before = build({ events });
  const after = build({ events: [...events, said(3, "caio", NOON)], known: before });
  assert.deepEqual(before.map((row, i) => row === after[i]), [true, true, true]);
  const changed = build({ events: [events[0], { ...events[1] }], known: before });
  assert.deepEqual(before.map((row, i) => row === changed[i]), [true, true, false]);
});

test("a clock of this machine that is wrong begins no day twice, and none that messages do not have", () => {
  const day = 86_400_000;
  const lines = [{ id: 1, after: 1, at: NOON + day, what: "joined" }, { id: 2, after: 2, at: NOON - day, what: "left" }];
  const rows = build({ events: [said(1, "bia", NOON), said(2, "bia", NOON + 1), said(3, "bia", NOON + 2)], lines });
  assert.deepEqual(kinds(rows), ["day", "message", "line", "message", "line", "message"]);
});

test("the keys of rows are never twice", () => {
  const lines = [{ id: 1, after: 0, at: NOON - 86_400_000, what: "joined" }, { id: 2, after: 1, at: NOON, what: "left" }];
  const waiting = [{ client_id: "x", from: { username: "ana" }, text: "oi", at: NOON + 1, state: "pending" }];
  const keys = build({ events: [said(1, "bia", NOON), said(2, "bia", NOON)], lines, waiting, unread: { seq: 2, count: 1 } }).map(({ key }) => key);
  assert.equal(new Set(keys).size, keys.length);
});
