// Uploads the files of the message being written: checked, two at a time, kept in order. Fetched with the first file.

import { uploadFile } from "../net/upload.js";
import { t } from "./i18n.js";
import { endSession } from "./session.js";
import { attachments, limits } from "./state.js";
import { showToast } from "./ui.js";

const AT_ONCE = 2;
const PREVIEWED = /^image\/(png|jpeg|gif|webp|avif|svg\+xml)$/;

const running = new Map();
let nextId = 1;

function change(id, values) {
  attachments.value = attachments.value.map((item) => (item.id === id ? { ...item, ...values } : item));
}

/** Takes in as many of `files` as still fit. */
export function attach(files) {
  const room = limits.value.files - attachments.value.length;
  if (files.length > room) showToast(t("attach-too-many", { count: limits.value.files }));
  const added = files.slice(0, Math.max(0, room)).map((file) => ({
    id: nextId++,
    file,
    name: file.name || "file",
    size: file.size,
    state: file.size > limits.value.file_bytes ? "refused" : "queued",
    sent: 0,
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
      settle(error.code === "too_large" ? { state: "refused" } : { state: "failed", why: error.code });
      if (error.status === 401) endSession();
    },
  }));
  startNext();
}

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

/** The uploads of the message, and an empty tray. */
export function takeUploads() {
  const done = attachments.value.flatMap(({ upload, preview }) => (upload ? [{ upload, preview }] : []));
  for (const { preview } of done) if (preview) URL.revokeObjectURL(preview);
  attachments.value = attachments.value.filter(({ upload }) => !upload);
  const uploads = done.map(({ upload }) => upload);
  return {
    images: uploads.filter(({ kind }) => kind === "image"),
    files: uploads.filter(({ kind }) => kind !== "image"),
  };
}
