// The bell of a room: what is said there is told by the system while nobody looks. Leave for that is asked for by a press of it, and
// by nothing else.

import { effect, signal } from "../../vendor/papo-vendor.js";
import { loadMoreTexts, t } from "./i18n.js";
import { drop, isKept, keep } from "./kept.js";
import { room } from "./state.js";
import { showToast } from "./ui.js";

/** A page that came over a plain network may not tell anything: it has no bell. */
export const hasBell = isSecureContext && "Notification" in globalThis;
export const bellOn = signal(false);

const loadNotices = () => import("./notify.js");

/** Each room has a bell of its own, and this browser remembers it. */
export function watchBell() {
  effect(() => {
    const on = hasBell && Notification.permission === "granted" && isKept("bell", room.value.id);
    bellOn.value = on;
    if (on) loadNotices().catch(() => {});
  });
}

/** A browser without storage remembers the bell for as long as the page is in the room. */
function turn(id, on) {
  bellOn.value = on;
  if (on) keep("bell", id, "on");
  else drop("bell", id);
}

/** Turns the bell of this room on or off. */
export async function pressBell() {
  const { id, title } = room.value;
  if (bellOn.value) return turn(id, false);
  // Browsers want the question to come from the very press.
  const answer = Notification.requestPermission();
  const ready = Promise.all([loadNotices(), loadMoreTexts()]);
  try {
    const granted = (await answer) === "granted";
    await ready;
    if (granted && id === room.value.id) turn(id, true);
    showToast(t(granted ? "bell-is-on" : "bell-denied", { room: title }));
  } catch {
    showToast(t("problem-network"));
  }
}

/** A message came in: told if nobody looks and the bell is on. */
export function ring(event) {
  if (bellOn.value && document.hidden) loadNotices().then(({ notify }) => notify(event)).catch(() => {});
}
