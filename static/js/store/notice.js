// Notices that messages came: the number of those not seen, the divider before them, what a screen reader and the bell are told.

import { ring } from "./bell.js";
import { t } from "./i18n.js";
import { atBottom, unread, unseen } from "./state.js";
import { announce } from "./ui.js";

/** Between two announcements: nobody listens faster. */
const PAUSE_MS = 1000;

let goesAlong = () => true;
let heard = { first: null, last: null, count: 0 };
let timer = 0;
let saidAt = 0;

/** `handler()` says whether what comes now is going to be in view: who is at the end may be about to leave it. */
export function onFollow(handler) {
  goesAlong = handler;
}

/** `events` of others, oldest first; `count` where more came than are at hand. */
export function noticeMessages(events, count = events.length) {
  if (events.length === 0) return;
  if (!atBottom.value || !goesAlong() || document.hidden) {
    const going = unseen.value > 0 && unread.value;
    unread.value = going ? { ...going, count: going.count + count } : { seq: events[0].seq, count };
    unseen.value += count;
  }
  heard = { first: heard.first ?? events[0], last: events.at(-1), count: heard.count + count };
  timer ||= setTimeout(tellHeard, Math.max(0, saidAt + PAUSE_MS - Date.now()));
}

/** A single message in full, several as a number. */
function tellHeard() {
  const { first, last, count } = heard;
  heard = { first: null, last: null, count: 0 };
  timer = 0;
  saidAt = Date.now();
  ring(last);
  const attached = (first.images?.length ?? 0) + (first.files?.length ?? 0);
  const text = first.text || t("message-files", { count: attached });
  announce(count > 1 ? t("announce-many", { count }) : t("announce-message", { name: first.from.name, text }));
}
