// Uploads the files of the message being written: checked, two at a time, kept in order. Fetched with the first file.

import { effect } from "../../vendor/papo-vendor.js";
import { backoffMs } from "../net/link.js";
import { uploadFile } from "../net/upload.js";
import { t } from "./i18n.js";
import { endSession } from "./session.js";
import { attachments, limits, line, tray } from "./state.js";
import { showToast } from "./ui.js";

const AT_ONCE = 2;
const PREVIEWED = /^image\/(png|jpeg|gif|webp|avif|svg\+xml)$/;
/** While the line is up, an upload is tried so often before its author is asked. */
const TRIES_MOST = 3;
/** Between two tries at least so long, in ms. */
const PAUSE_MS = 1000;
/** The codes after which the same file may go through later, without anybody doing anything. */
const PASSING = new Set(["network", "busy", "rate_limited", "internal"]);
const WHY = { too_large: "attach-quota", no_space: "attach-no-space" };

const running = new Map();
let nextId = 1;

function change(id, values) {
  attachments.value = attachments.value.map((item) => (item.id === id ? { ...item, ...values } : item));
}

/** Takes in as many of `files` as still fit into the message of `room`. */
export function attach(files, room) {
  const free = limits.value.files - attachments.value.filter((item) => item.room === room).length;
  if (files.length > free) showToast(t("attach-too-many", { count: limits.value.files }));
  const added = files.slice(0, Math.max(0, free)).map((file) => ({
    id: nextId++,
    room,
    file,
    name: file.name || "file",
    size: file.size,
    state: file.size > limits.value.file_bytes ? "refused" : "queued",
    sent: 0,
    tries: 0,
    upload: null,
    preview: PREVIEWED.test(file.type) ? URL.createObjectURL(file) : null,
    why: null,
  }));
  attachments.value = [...attachments.value, ...added];
  startNext();
}

function startNext() {
  const next = attachments.value.find(({ state }) => state === "queued");
  if (!next || running.size >= AT_ONCE) return;
  change(next.id, { state: "sending", sent: 0 });
  const settle = (values) => {
    running.delete(next.id);
    change(next.id, values);
    startNext();
  };
  running.set(next.id, uploadFile(next.file, {
    onProgress: (sent) => change(next.id, { sent }),
    onDone: (upload) => settle({ state: "done", sent: next.size, upload }),
    onError: (error) => {
      settle(failed(next, error));
      if (error.status === 401) endSession();
    },
  }));
  startNext();
}

/** What becomes of an upload that went wrong: it waits for another try, or for its author. */
function failed({ id, tries }, { code, retryAfterMs }) {
  const up = line.value === "up";
  if (!PASSING.has(code) || (up && tries + 1 >= TRIES_MOST)) return { state: "failed", tries: 0, why: WHY[code] ?? null };
  // Without a line it waits for the next one, however long that takes.
  if (up) setTimeout(retryWaiting, retryAfterMs ?? Math.max(PAUSE_MS, backoffMs(tries + 1)), id);
  return { state: "waiting", tries: up ? tries + 1 : 0 };
}

function retryWaiting(id) {
  if (attachments.value.some((item) => item.id === id && item.state === "waiting")) retryAttachment(id);
}

effect(() => {
  if (line.value !== "up") return;
  for (const { id } of attachments.peek().filter(({ state, why }) => state === "waiting" || (state === "failed" && !why))) retryAttachment(id);
});

export function retryAttachment(id) {
  change(id, { state: "queued", why: null });
  startNext();
}

/** Cancels the upload if it is running, and takes the file out. */
export function removeAttachment(id) {
  running.get(id)?.abort();
  running.delete(id);
  const gone = attachments.value.find((item) => item.id === id);
  if (gone?.preview) URL.revokeObjectURL(gone.preview);
  attachments.value = attachments.value.filter((item) => item.id !== id);
  startNext();
}

/** The uploads of the message of this room, and an empty tray. */
export function takeUploads() {
  const taken = tray.value.filter(({ upload }) => upload);
  for (const { preview } of taken) if (preview) URL.revokeObjectURL(preview);
  attachments.value = attachments.value.filter((item) => !taken.includes(item));
  const uploads = taken.map(({ upload }) => upload);
  return {
    images: uploads.filter(({ kind }) => kind === "image"),
    files: uploads.filter(({ kind }) => kind !== "image"),
  };
}
