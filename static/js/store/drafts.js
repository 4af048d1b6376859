// What one was writing, kept per user and room, so that a switch, a reload or the end of a session loses nothing.

import { signal } from "../../vendor/papo-vendor.js";
import { allKept, drop, keep } from "./kept.js";

const SAVE_MS = 300;

/** Room id → text, for the hint in the room list. */
export const drafts = signal({});

let saveTimer = 0;
let unsaved = null;

export function loadDrafts() {
  drafts.value = Object.fromEntries(allKept("draft"));
}

export function draftOf(room) {
  return (unsaved?.room === room ? unsaved.text : drafts.value[room]) ?? "";
}

/** Keeps `text` soon; `saveDraft` does it at once. */
export function keepDraft(room, text) {
  if (unsaved && unsaved.room !== room) saveDraft();
  unsaved = { room, text };
  clearTimeout(saveTimer);
  saveTimer = setTimeout(saveDraft, SAVE_MS);
}

export function saveDraft() {
  clearTimeout(saveTimer);
  if (!unsaved) return;
  const { room, text } = unsaved;
  unsaved = null;
  const { [room]: _, ...others } = drafts.value;
  const blank = text.trim() === "";
  drafts.value = blank ? others : { ...others, [room]: text };
  if (blank) drop("draft", room);
  else keep("draft", room, text);
}

addEventListener("pagehide", saveDraft);
