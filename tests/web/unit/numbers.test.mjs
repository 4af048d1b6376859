// The rules of the client of even and odd numbers.

import assert from "node:assert/strict";
import test from "node:test";
import { CLIENTS_MAX, ROWS_MAX, askDelayMs, clientsOf, clockOf, kindOf, roomToJoin, said, searchOf, sum, withRow } from "../../../static/js/lib/numbers.js";

test("value and step together stay from 0 to 99", () => {
  assert.equal(sum(0, 1), 1);
  assert.equal(sum(99, 1), 0);
  assert.equal(sum(50, 99), 49);
  for (let value = 0; value < 100; value += 1) for (let step = 0; step < 100; step += 1) assert.ok(sum(value, step) >= 0 && sum(value, step) <= 99);
});

test("another step is asked for every 3 to 5 seconds, even or odd alike", () => {
  assert.equal(askDelayMs(0), 3000);
  assert.ok(askDelayMs(0.999999) < 5000 && askDelayMs(0.999999) > 4999);
  assert.equal(kindOf(0), "even");
  assert.equal(kindOf(0.5), "odd");
  assert.equal(kindOf(0.999), "odd");
});

test("the newest row is first and the oldest go", () => {
  let rows = [];
  for (let key = 1; key <= ROWS_MAX + 5; key += 1) rows = withRow(rows, { key });
  assert.equal(rows.length, ROWS_MAX);
  assert.equal(rows[0].key, ROWS_MAX + 5);
  assert.equal(rows.at(-1).key, 6);
});

test("a command and its answer are shown with what they say", () => {
  assert.equal(said({ type: "number.put", value: 0 }), "number.put 0");
  assert.equal(said({ type: "number.even" }), "number.even");
  assert.equal(said({ type: "ok", id: 3, value: 42 }), "ok 42");
  assert.equal(said({ type: "error", id: 3, code: "bad_frame", message: "…" }), "error bad_frame");
});

test("the address says how many clients there are, and is believed within bounds", () => {
  for (const [search, count] of [["", 1], ["?clients=2", 2], ["?clients=99", CLIENTS_MAX], ["?clients=0", 1], ["?clients=-3", 1], ["?clients=x", 1], ["?clients=", 1]]) assert.equal(clientsOf(search), count, search);
  assert.equal(searchOf(1), "");
  assert.equal(clientsOf(searchOf(3)), 3);
});

test("one stays where the chat is", () => {
  assert.equal(roomToJoin(["sala-2"], "papo_room=sala-1"), "sala-2");
  assert.equal(roomToJoin([], "a=b; papo_room=caf%C3%A9; c=d"), "café");
  assert.equal(roomToJoin([], ""), "numeros");
  assert.equal(roomToJoin([], "papo_room=%E0%A4%A"), "numeros");
  assert.equal(roomToJoin([], "xpapo_room=sala-1"), "numeros");
});

test("times have milliseconds and two digits", () => {
  assert.equal(clockOf(new Date(2026, 10, 24, 9, 5, 7, 8)), "09:05:07.008");
});
