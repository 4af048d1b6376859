// Going from room to room: the address, the join, the resume after a lost line.

import { batch } from "../../vendor/papo-vendor.js";
import { sortMembers } from "../lib/people.js";
import { roomOfPath, roomPath, setCookie } from "../lib/site.js";
import { backoffMs } from "../net/link.js";
import { ask } from "./connection.js";
import { saveDraft } from "./drafts.js";
import { pushAddress, replaceAddress } from "./history.js";
import { emptyLog, isMessage, joined, newest } from "./log.js";
import { noticeMessages } from "./notice.js";
import { flushAll, sendNext } from "./outbox.js";
import { fill, forgetPages, loadSome } from "./pages.js";
import { reconcile } from "./queue.js";
import { atBottom, line, lines, log, me, members, movedTo, phase, queue, room, rooms, typing, unread, unseen } from "./state.js";
import { stopTyping } from "./typing.js";

const PAGE = 50;
const FILL_PAGE = 200;
/** With more missing than this after a lost line, who was at the end gets the newest page instead of the whole hole. */
const FILL_MOST = 1000;

let turn = 0;
let retryTimer = 0;
let failures = 0;

/** Opens `id` and, unless the address has it already, puts it there. */
export function openRoom(id, { push = true } = {}) {
  if (id === room.value.id && (phase.value === "joined" || phase.value === "joining")) return;
  stopTyping();
  saveDraft();
  flushAll();
  batch(() => {
    room.value = { id, title: rooms.value.find((other) => other.id === id)?.title ?? id };
    phase.value = "joining";
    log.value = emptyLog();
    lines.value = [];
    members.value = [];
    typing.value = [];
    unread.value = null;
    unseen.value = 0;
  });
  if (push && roomOfPath(location.pathname) !== id) pushAddress(roomPath(id));
  failures = 0;
  join();
}

/** Joins the room on the screen, from where its log ends; also after every reconnect. */
export function join() {
  clearTimeout(retryTimer);
  const mine = ++turn;
  const { id } = room.value;
  if (id === "" || line.value !== "up") return;
  const { epoch } = log.value;
  const since = epoch ? { epoch, seq: newest(log.value) } : undefined;
  ask(
    { type: "join", room: id, since, limit: epoch ? FILL_PAGE : PAGE },
    (ok) => mine === turn && arrive(ok, id),
    (error) => mine === turn && failJoin(error),
  );
}

function arrive(ok, asked) {
  const resumed = ok.mode === "resumed";
  const missed = ok.head_seq - newest(log.value);
  if (resumed && missed > FILL_MOST && atBottom.value) {
    log.value = emptyLog();
    return join();
  }
  failures = 0;
  if (!resumed) lines.value = [];
  room.value = { id: ok.room, title: ok.title };
  log.value = joined(log.value, ok);
  members.value = sortMembers(ok.members);
  typing.value = ok.typing.map((who) => who.username ?? who);
  queue.value = reconcile(queue.value, ok.events.filter(isMessage), me.value.username);
  phase.value = "joined";
  if (ok.room !== asked) {
    queue.value = queue.value.map((item) => (item.room === asked ? { ...item, room: ok.room } : item));
    replaceAddress(roomPath(ok.room));
  }
  setCookie("papo_room", ok.room);
  forgetPages();
  loadSome();
  if (resumed) {
    const others = ok.events.filter((event) => isMessage(event) && event.from.username !== me.value.username);
    noticeMessages(others, ok.more ? missed : others.length);
  }
  if (atBottom.value) fill();
  sendNext();
}

function failJoin(error) {
  if (error.code === "disconnected") return;
  phase.value = log.value.epoch ? phase.value : "failed";
  if (!error.retry) return;
  retryTimer = setTimeout(join, error.retry_after_ms ?? Math.max(500, backoffMs(failures)));
  failures += 1;
}

/** By hand, from the error state. */
export function joinAgain() {
  if (phase.value === "failed") phase.value = "joining";
  join();
}

/** Another tab of this user went to another room: this one is in none now. */
export function movedAway(to) {
  if (to === room.value.id) return;
  turn += 1;
  movedTo.value = to;
  phase.value = "moved";
  typing.value = [];
  members.value = [];
}

/** Takes the seat back to this tab. */
export function useHere() {
  phase.value = "joining";
  join();
}

/** After a reconnect: back to the room, unless another tab has the seat. */
export function rejoin() {
  if (phase.value !== "moved") join();
}
