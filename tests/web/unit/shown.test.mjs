// Rules of lib/shown.js: which rows are on the page.

import assert from "node:assert/strict";
import test from "node:test";
import { AT_END_MOST, ROWS_MOST, STEP, earlier, later, shownRange, startAt } from "../../../static/js/lib/shown.js";

const rows = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => ({ key: `s:${from + i}`, seq: from + i }));

test("at the end the newest rows are on the page", () => {
  assert.deepEqual(shownRange(rows(1, 30), null, true), { from: 0, to: 30 });
  assert.deepEqual(shownRange(rows(1, 1000), null, true), { from: 1000 - STEP, to: 1000 });
});

test("at the end old rows go a step at a time, not with every new one", () => {
  let start = null;
  const begins = new Set();
  for (let last = 1; last <= 1000; last += 3) {
    const all = rows(1, last);
    const range = shownRange(all, start, true);
    assert.equal(range.to, all.length);
    assert.ok(range.to - range.from <= AT_END_MOST);
    start = startAt(all, range.from);
    begins.add(start.key);
  }
  assert.ok(begins.size <= 1000 / STEP + 1, `${begins.size} cuts`);
});

test("for a reader above, rows that come below or above in memory move nothing on the page", () => {
  const start = startAt(rows(101, 400), 50);
  const { from, to } = shownRange(rows(51, 700), start, false);
  assert.deepEqual([from, to], [100, 100 + ROWS_MOST]);
});

test("when the first row on the page is gone, the next one after it begins", () => {
  const all = rows(1, 100).filter(({ seq }) => seq !== 40);
  assert.equal(all[shownRange(all, { key: "s:40", seq: 40 }, false).from].seq, 41);
});

test("a step moves by no more than a step, within what is in memory, and never beyond the most", () => {
  assert.deepEqual([earlier(120), earlier(20), earlier(0)], [120 - STEP, 0, 0]);
  assert.deepEqual([later(100, 1000), later(780, 1000), later(800, 1000), later(30, 100)], [100 + STEP, 800, 800, 30]);
});
