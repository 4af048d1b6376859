// What one was writing, kept per user and room, so that a switch, a reload or the end of a session loses nothing.

import { signal } from "../../vendor/papo-vendor.js";
import { me } from "./state.js";

const SAVE_MS = 300;

/** Room id → text, for the hint in the room list. */
export const drafts = signal({});

const prefix = () => `papo:draft:${me.value.username}:`;
let saveTimer = 0;
let unsaved = null;

export function loadDrafts() {
  const found = {};
  try {
    for (let i = 0; i < localStorage.length; i += 1) {
      const key = localStorage.key(i);
      if (key.startsWith(prefix())) found[key.slice(prefix().length)] = localStorage.getItem(key);
    }
  } catch {
    // A browser without storage keeps drafts for as long as the page is open.
  }
  drafts.value = found;
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
  drafts.value = text.trim() === "" ? others : { ...others, [room]: text };
  try {
    if (text.trim() === "") localStorage.removeItem(prefix() + room);
    else localStorage.setItem(prefix() + room, text);
  } catch {
    // See above.
  }
}

addEventListener("pagehide", saveDraft);
