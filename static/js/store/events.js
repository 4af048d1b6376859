// What the server tells, one event at a time, and what it changes on this page.

import { withMember, withTyping, withoutMember } from "../lib/people.js";
import { expectRestart } from "./connection.js";
import { t } from "./i18n.js";
import { addLive, newest, trim } from "./log.js";
import { noticeMessages } from "./notice.js";
import { reconcile } from "./queue.js";
import { movedAway } from "./rooms.js";
import { atBottom, lines, log, me, members, queue, room, rooms, typing } from "./state.js";
import { showToast } from "./ui.js";

/** System lines kept of one stay in a room. */
const LINES_MOST = 200;

let lineId = 0;

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
  (HANDLERS[event.type] ?? other)(event);
}

/** What this page knows nothing of, such as an event of an extension: if it is in the log, it counts there. */
const other = here((event) => {
  if (event.seq) log.value = addLive(log.value, event);
});

/** Events of a room that was left may still be on the wire; they are not for this page. */
function here(handler) {
  return (event) => {
    if (event.room === room.value.id) handler(event);
  };
}

function message(event) {
  const own = event.from.username === me.value.username;
  const before = log.value;
  log.value = addLive(before, event);
  if (log.value === before) return;
  if (atBottom.value && !document.hidden) log.value = trim(log.value);
  typing.value = withTyping(typing.value, event.from.username, false);
  if (own) queue.value = reconcile(queue.value, [event], me.value.username);
  else noticeMessages([event]);
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
  const line = { id: ++lineId, after: newest(log.value), at: Date.now(), what, username, name };
  lines.value = [...lines.value, line].slice(-LINES_MOST);
}

function notice({ kind, retry_ms }) {
  if (kind === "draining") expectRestart();
  if (kind === "slow_down") showToast(t("rate-limited", { seconds: Math.ceil((retry_ms ?? 1000) / 1000) }));
}
