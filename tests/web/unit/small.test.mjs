// Rules of the small helpers: back-off, sizes, dates, kinds of files, addresses, the wire, the pace of typing, people.

import assert from "node:assert/strict";
import test from "node:test";
import { dayLabel, dayRange, momentText } from "../../../static/js/lib/dates.js";
import { safeNext } from "../../../static/js/lib/form.js";
import { fileKind, progressText, sizeText } from "../../../static/js/lib/files.js";
import { isUpload, loginPath, roomOfPath, roomPath } from "../../../static/js/lib/site.js";
import { backoffMs, endOf, isRestart, parseFrame } from "../../../static/js/net/link.js";
import { formerly, sortMembers, typingNames, withMember, withTyping, withoutMember } from "../../../static/js/lib/people.js";
import { IDLE_MS, REPEAT_MS, STILL, stopped, waited, wrote } from "../../../static/js/store/typing.js";

test("back-off doubles from half a second to thirty, with full jitter", () => {
  assert.deepEqual([0, 1, 2, 6, 50].map((failures) => backoffMs(failures, 1)), [500, 1000, 2000, 30_000, 30_000]);
  assert.equal(backoffMs(5, 0), 0);
  assert.equal(backoffMs(1, 0.5), 500);
});

test("sizes in the reader's numbers", () => {
  assert.equal(sizeText(0, "en"), "0 B");
  assert.equal(sizeText(248 * 1024, "pt-BR"), "248 kB");
  assert.equal(sizeText(1.8 * 1024 * 1024, "pt-BR"), "1,8 MB");
  assert.equal(sizeText(25 * 1024 * 1024, "en"), "25 MB");
  assert.deepEqual(progressText(1.8 * 1024 * 1024, 2.6 * 1024 * 1024, "pt-BR"), { sent: "1,8", total: "2,6 MB" });
});

test("today, yesterday, a day of this year, a day of another", () => {
  const now = new Date(2026, 2, 12, 10).getTime();
  assert.deepEqual(dayLabel(new Date(2026, 2, 12, 0, 1).getTime(), now, "pt-BR"), { key: "day-today" });
  assert.deepEqual(dayLabel(new Date(2026, 2, 11, 23).getTime(), now, "pt-BR"), { key: "day-yesterday" });
  assert.deepEqual(dayLabel(new Date(2026, 0, 5).getTime(), now, "pt-BR"), { text: "5 de janeiro" });
  assert.deepEqual(dayLabel(new Date(2025, 11, 31).getTime(), now, "en"), { text: "December 31, 2025" });
});

test("a day is from its first millisecond to the first of the next", () => {
  const { from, to } = dayRange(new Date(2026, 2, 12, 10).getTime());
  assert.deepEqual([from, to], [new Date(2026, 2, 12).getTime(), new Date(2026, 2, 13).getTime()]);
  assert.deepEqual(dayRange(from), { from, to });
  assert.equal(dayRange(to).from, to);
});

test("the time of a message, and its full date", () => {
  const at = new Date(2026, 2, 12, 18, 3, 59).getTime();
  assert.deepEqual(momentText(at, "pt-BR"), { time: "18:03", full: "quinta-feira, 12 de março de 2026 às 18:03" });
  assert.equal(momentText(at + 1000, "pt-BR").time, "18:04");
  const early = new Date(2026, 2, 12, 9, 5).getTime();
  assert.deepEqual([momentText(early, "pt-BR").time, momentText(early, "en").time.replace("\u202f", " ")], ["09:05", "9:05 AM"]);
  assert.match(momentText(at, "en").full, /March 12, 2026/);
});

test("a file is what its name and type say", () => {
  assert.deepEqual(fileKind("festa.ZIP"), { kind: "archive", badge: "ZIP" });
  assert.deepEqual(fileKind("a.b.pdf"), { kind: "pdf", badge: "PDF" });
  assert.deepEqual(fileKind("sem-nome", "audio/ogg"), { kind: "audio", badge: "?" });
  assert.deepEqual(fileKind("x.<b>", ""), { kind: "other", badge: "?" });
});

test("only an upload of this server is a source", () => {
  assert.equal(isUpload("/static/0192abc.png"), true);
  for (const url of ["https://a.br/x.png", "//a.br/static/x", "/static/../login", "/static/a/b", "javascript:alert(1)", "", null]) assert.equal(isUpload(url), false, String(url));
});

test("a room and its address", () => {
  assert.equal(roomPath("sala dos fundos"), "/rooms/sala%20dos%20fundos");
  assert.equal(roomOfPath(roomPath("música")), "música");
  assert.equal(roomOfPath("/login"), "");
  assert.equal(roomOfPath("/rooms/%E0%A4%A"), "");
  assert.equal(loginPath("/rooms/a"), "/login?next=%2Frooms%2Fa");
});

test("after signing in one stays on this site", () => {
  assert.equal(safeNext("/rooms/sala-1"), "/rooms/sala-1");
  for (const next of ["//a.br", "/\\a.br", "https://a.br", "", undefined, "/a\\b", "/\n/a.br"]) assert.equal(safeNext(next), "/", String(next));
});

test("a frame carries one or more objects", () => {
  assert.deepEqual(parseFrame('{"a":1}\n\n{"b":2}\n'), [{ a: 1 }, { b: 2 }]);
  assert.deepEqual(parseFrame("nonsense\n3\n{\"a\":1}"), [{ a: 1 }]);
});

test("which closes are for good", () => {
  assert.deepEqual([4500, 4501, 4502, 4503].map(endOf), ["outdated", "signed-out", "kicked", "too-many-tabs"]);
  assert.deepEqual([1006, 4001, 4008, 4009, 1012, 4003].map(endOf), [null, null, null, null, null, null]);
  assert.deepEqual([1012, 4003, 1006].map(isRestart), [true, true, false]);
});

test("typing is told at most every three seconds, and ends after three of silence", () => {
  let step = wrote(STILL, 1000);
  assert.equal(step.tell, true);
  step = wrote(step.state, 1000 + REPEAT_MS - 1);
  assert.equal(step.tell, null);
  assert.equal(waited(step.state, 1000 + REPEAT_MS).tell, null);
  step = wrote(step.state, 1000 + REPEAT_MS);
  assert.equal(step.tell, true);
  step = waited(step.state, 1000 + REPEAT_MS + IDLE_MS);
  assert.equal(step.tell, false);
  assert.equal(stopped(step.state).tell, null);
});

test("members by name; typing in order of beginning, without oneself", () => {
  const ana = { username: "ana", name: "Ana" };
  const bia = { username: "bia", name: "Bia" };
  assert.deepEqual(sortMembers([bia, ana]), [ana, bia]);
  assert.deepEqual(withMember([bia], ana), [ana, bia]);
  assert.equal(withMember([ana], { ...ana, name: "Ana Souza" }).length, 1);
  assert.deepEqual(withoutMember([ana, bia], "ana"), [bia]);
  let typing = withTyping([], "bia", true);
  typing = withTyping(typing, "ana", true);
  assert.equal(withTyping(typing, "ana", true), typing);
  assert.deepEqual(typingNames(typing, [ana, bia], "ana"), ["Bia"]);
  assert.deepEqual(withTyping(typing, "bia", false), ["ana"]);
});

test("what a guest said who had the name before is not one's own", () => {
  const said = (guest, sent_at, username = "ana") => ({ from: { username, name: "ana", ...(guest && { guest }) }, text: "oi", sent_at });
  const by = (event, me) => formerly(event, me).from.username;
  const account = { username: "ana", guest: false, since: 0 };
  assert.equal(by(said(false, 5), account), "ana");
  assert.equal(by(said(true, 5), account), "~ana");
  const guest = { username: "ana", guest: true, since: 10 };
  assert.deepEqual([said(true, 9), said(true, 10), said(true, 9, "bia")].map((event) => by(event, guest)), ["~ana", "ana", "bia"]);
  const line = { type: "member_left", username: "ana" };
  assert.equal(formerly(line, account), line);
});
