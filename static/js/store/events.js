// What the server tells, one event at a time, and what it changes on this page.

import { withMember, withTyping, withoutMember } from "../lib/people.js";
import { ring } from "./bell.js";
import { expectRestart } from "./connection.js";
import { t } from "./i18n.js";
import { addEvents, lastSeq, trim } from "./log.js";
import { reconcile } from "./queue.js";
import { movedAway } from "./rooms.js";
import { atBottom, lines, log, me, members, queue, room, rooms, typing, unread, unseen } from "./state.js";
import { announcement, showToast } from "./ui.js";

/** System lines kept of one stay in a room. */
const LINES_MOST = 200;

let lineId = 0;
let heard = [];

const HANDLERS = {
  rooms: (event) => { rooms.value = event.rooms; },
  message: here(message),
  member_joined: here(memberJoined),
  member_left: here(memberLeft),
  typing: here((event) => { typing.value = withTyping(typing.value, event.username, event.active); }),
  moved: (event) => movedAway(event.to),
  notice,
};

export function takeEvent(event) {
  HANDLERS[event.type]?.(event);
}

/** Events of a room that was left may still be on the wire; they are not for this page. */
function here(handler) {
  return (event) => {
    if (event.room === room.value.id) handler(event);
  };
}

function message(event) {
  const own = event.from.username === me.value.username;
  const before = log.value;
  log.value = addEvents(before, [event]);
  if (log.value === before) return;
  if (atBottom.value && !document.hidden) log.value = trim(log.value);
  typing.value = withTyping(typing.value, event.from.username, false);
  if (own) queue.value = reconcile(queue.value, [event], me.value.username);
  else noticeMessage(event);
}

function noticeMessage(event) {
  if (!atBottom.value || document.hidden) {
    unread.value = unseen.value > 0 && unread.value ? { ...unread.value, count: unread.value.count + 1 } : { seq: event.seq, count: 1 };
    unseen.value += 1;
  }
  if (heard.length === 0) queueMicrotask(announce);
  heard.push(event);
}

/** Says what came in this frame: a single message in full, several as a number. */
function announce() {
  const [first, ...rest] = heard;
  heard = [];
  ring(rest.at(-1) ?? first);
  const attached = (first.images?.length ?? 0) + (first.files?.length ?? 0);
  const text = first.text || t("message-files", { count: attached });
  announcement.value = rest.length > 0 ? t("announce-many", { count: rest.length + 1 }) : t("announce-message", { name: first.from.name, text });
}

function memberJoined({ member }) {
  const known = members.value.some(({ username }) => username === member.username);
  members.value = withMember(members.value, member);
  if (!known && member.username !== me.value.username) addLine("joined", member);
}

function memberLeft({ username, reason }) {
  const member = members.value.find((other) => other.username === username);
  if (!member) return;
  members.value = withoutMember(members.value, username);
  typing.value = withTyping(typing.value, username, false);
  if (username !== me.value.username) addLine(reason, member);
}

function addLine(what, { username, name }) {
  const line = { id: ++lineId, after: lastSeq(log.value), at: Date.now(), what, username, name };
  lines.value = [...lines.value, line].slice(-LINES_MOST);
}

function notice({ kind, retry_ms }) {
  if (kind === "draining") expectRestart();
  if (kind === "slow_down") showToast(t("rate-limited", { seconds: Math.ceil((retry_ms ?? 1000) / 1000) }));
}
