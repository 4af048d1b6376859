// Sends own messages: on the screen at once, over the line one after the other, each until it is confirmed or has failed.

import { ask } from "./connection.js";
import { t } from "./i18n.js";
import { addLive } from "./log.js";
import { toNewest } from "./pages.js";
import { add, asCommand, asEvent, fail, isFull, next, remove, retry } from "./queue.js";
import { line, log, me, phase, queue, room, unread, unseen } from "./state.js";
import { showToast } from "./ui.js";

/** No answer for this long means failed. */
const ANSWER_MS = 10_000;
/** When a refusal for too many messages does not say how long to wait. */
const PAUSE_MS = 3000;

const WHY = { text_too_long: "why-too-long", unknown_upload: "why-upload", conflict: "why-refused", rejected: "why-refused" };
/** What `rejected` says where an extension gives no reason of its own: src/codes.rs. */
const NO_REASON = "This was refused.";
/** Answers that say that the server lost our seat, not that it dislikes the message. */
const SEATLESS = new Set(["not_in_room", "stale_seat"]);

/** A random id of 32 hex digits. Works on plain http too, where crypto.randomUUID is missing. */
const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

let inFlight = null;
let paused = 0;
let rejoin = () => {};

/** What to do when the server says that this page is in no room. */
export function onSeatLost(handler) {
  rejoin = handler;
}

/** Whether one more message can wait; if not, it is said why. */
export function canSay() {
  if (isFull(queue.value)) showToast(t("queue-full"));
  return !isFull(queue.value);
}

/** Puts a message on the screen and on its way. `images` and `files` are uploads that are done. */
export function say({ text, images = [], files = [] }) {
  const item = { client_id: newId(), room: room.value.id, from: me.value, text, images, files, at: Date.now() };
  queue.value = add(queue.value, item);
  unread.value = null;
  unseen.value = 0;
  toNewest();
  sendNext();
}

export function sayAgain(clientId) {
  queue.value = retry(queue.value, clientId, Date.now());
  sendNext();
}

export function forget(clientId) {
  queue.value = remove(queue.value, clientId);
}

/** Sends the oldest waiting message of this room, unless one is on its way. */
export function sendNext() {
  if (inFlight || paused || line.value !== "up" || phase.value !== "joined") return;
  const item = next(queue.value, room.value.id);
  if (item) send(item, true);
}

/** Before leaving a room: all that waits goes out ahead of the join. */
export function flushAll() {
  if (line.value !== "up" || phase.value !== "joined") return;
  for (const item of queue.value) {
    if (item.room === room.value.id && item.state === "pending" && item.client_id !== inFlight) send(item, false);
  }
}

function send(item, inTurn) {
  const id = item.client_id;
  const settle = (effect) => {
    clearTimeout(timer);
    if (inFlight === id) inFlight = null;
    effect();
  };
  const timer = setTimeout(() => {
    settle(() => lost(id, "why-no-answer"));
    sendNext();
  }, ANSWER_MS);
  if (inTurn) inFlight = id;
  ask(
    asCommand(item),
    (ok) => {
      settle(() => arrived(item, ok));
      sendNext();
    },
    (error) => {
      settle(() => refused(id, error));
      // Without a line there is nothing to go on with: the next join does.
      if (error.code !== "disconnected") sendNext();
    },
  );
}

function arrived(item, ok) {
  queue.value = remove(queue.value, item.client_id);
  if (item.room === room.value.id) log.value = addLive(log.value, asEvent(item, ok, me.value));
}

function refused(id, error) {
  if (error.code === "disconnected") return;
  if (error.code === "rate_limited") return pause(error.retry_after_ms ?? PAUSE_MS);
  if (SEATLESS.has(error.code)) {
    if (phase.value === "joined") {
      phase.value = "joining";
      rejoin();
    }
    return;
  }
  lost(id, whyNot(error));
}

/** Why a message failed: the key of a sentence, or the sentence of the extension that refused it. */
function whyNot({ code, message }) {
  return code === "rejected" && message && message !== NO_REASON ? message : (WHY[code] ?? null);
}

function lost(id, why) {
  queue.value = fail(queue.value, id, why);
}

function pause(ms) {
  clearTimeout(paused);
  paused = setTimeout(() => {
    paused = 0;
    sendNext();
  }, ms);
  showToast(t("rate-limited", { seconds: Math.ceil(ms / 1000) }), Math.max(ms, 3000));
}
