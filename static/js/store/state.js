// What the page knows, as signals. Nothing here does anything; the other files of this folder do.

import { computed, signal } from "../../vendor/papo-vendor.js";
import { typingNames } from "../lib/people.js";
import { emptyLog } from "./log.js";

/** Until the server has told its own: characters, files a message, bytes a file. */
const LIMITS = { text_chars: 4000, files: 10, file_bytes: 25 * 1024 * 1024 };

// Oneself and the connection
/** `since`: when a guest came; what was said under the name before was said by somebody else. */
export const me = signal({ username: "", name: "", guest: false, since: 0 });
export const limits = signal(LIMITS);
/** "connecting", "up", "down", or why it is over for good: "kicked", "too-many-tabs", "outdated". */
export const line = signal("connecting");
/** True once a lost connection has lasted long enough to be worth a word. */
export const offlineShown = signal(false);
export const restarting = signal(false);
export const sessionOver = signal(false);

// Rooms
export const rooms = signal([]);
export const room = signal({ id: "", title: "" });
/** "joining", "joined", "failed", "moved" (another tab went elsewhere: `movedTo`). */
export const phase = signal("joining");
export const movedTo = signal("");

// The room one is in
export const log = signal(emptyLog());
export const lines = signal([]);
export const members = signal([]);
export const typing = signal([]);
export const queue = signal([]);
/** "idle", "loading", "failed": the older messages, and newer ones when one reads far above. */
export const older = signal("idle");
export const newer = signal("idle");
/** True while what was missed is fetched for a reader at the end. */
export const filling = signal(false);

// The message being written
/**
 * The files of the messages being written: `{id, room, file, name, size, state, sent, tries, upload, preview, why}`; `state` is "queued",
 * "sending", "done", "waiting" (for the line), "failed" or "refused".
 */
export const attachments = signal([]);
/** Those of the message for this room. */
export const tray = computed(() => attachments.value.filter((item) => item.room === room.value.id));
/** True while the code for the first file is on its way. */
export const attaching = signal(false);
const UNDER_WAY = new Set(["queued", "sending", "waiting"]);
export const uploading = computed(() => attaching.value || tray.value.some(({ state }) => UNDER_WAY.has(state)));
/** Something in the tray keeps the message from going out. */
export const blocked = computed(() => tray.value.some(({ state }) => state === "failed" || state === "refused"));

// The reader
export const atBottom = signal(true);
/** `{seq, count}`: the first message not seen, where the divider stands; or null. */
export const unread = signal(null);
/** How many messages came since one last looked. */
export const unseen = signal(0);
/** Counts up to ask the log to go to its end. */
export const toEnd = signal(0);
/** The local day, so that "today" becomes "yesterday" at midnight. */
export const now = signal(Date.now());

/** Room id → how many own messages wait there, `all` and those of them that have `failed`. */
export const waitingBy = computed(() => {
  const counts = {};
  for (const item of queue.value) {
    const count = (counts[item.room] ??= { all: 0, failed: 0 });
    count.all += 1;
    if (item.state === "failed") count.failed += 1;
  }
  return counts;
});
export const waitingHere = computed(() => queue.value.filter((item) => item.room === room.value.id));
export const typingHere = computed(() => typingNames(typing.value, members.value, me.value.username));
/** How many are in the room one is in; null while that is not known. */
export const memberCount = computed(() =>
  phase.value === "joined" ? members.value.length : (rooms.value.find(({ id }) => id === room.value.id)?.members ?? null),
);
