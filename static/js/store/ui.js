// What lies over the room: one dialog, one drawer, a toast, and what a screen reader is told.

import { signal } from "../../vendor/papo-vendor.js";
import { leaveLayer, openLayer } from "./history.js";

const TOAST_MS = 5000;

/** Whether one writes with a keyboard on the glass. */
export const isTouch = () => matchMedia("(pointer: coarse)").matches;

/** `{kind: "profile" | "room" | "preferences" | "lightbox", …}` or null. */
export const dialog = signal(null);
/** "rooms", "people" or null: the drawers of a narrow screen. */
export const drawer = signal(null);
/** Whether the people column is open on a wide screen. */
export const peopleShown = signal(true);
export const toast = signal(null);
/** `{id, text}`: another id for each, so that the same words are told again. */
export const announcement = signal({ id: 0, text: "" });

let toastTimer = 0;

export function announce(text) {
  announcement.value = { id: announcement.value.id + 1, text };
}

const noDialog = () => { dialog.value = null; };
const noDrawer = () => { drawer.value = null; };

export function showDialog(value) {
  if (!dialog.value) openLayer(noDialog);
  dialog.value = value;
}

export function closeDialog() {
  noDialog();
  leaveLayer(noDialog);
}

/** The button that opened the drawer: it gets the focus back. */
let opener = null;

export function openDrawer(name) {
  opener = document.activeElement;
  if (!drawer.value) openLayer(noDrawer);
  drawer.value = name;
}

export function closeDrawer() {
  noDrawer();
  leaveLayer(noDrawer);
}

export function focusOpener() {
  if (opener?.isConnected) opener.focus();
  opener = null;
}

export function showToast(text, ms = TOAST_MS) {
  clearTimeout(toastTimer);
  toast.value = text;
  toastTimer = setTimeout(hideToast, ms);
}

export function hideToast() {
  clearTimeout(toastTimer);
  toast.value = null;
}

/** Back to where one writes; on touch that would open the keyboard. */
export function focusComposer() {
  if (!isTouch()) document.getElementById("composer")?.focus();
}
