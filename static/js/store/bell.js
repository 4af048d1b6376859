// The bell of a room: what is said there is told by the system while nobody looks. Leave for that is asked for by a press of it, and
// by nothing else.

import { effect, signal } from "../../vendor/papo-vendor.js";
import { loadMoreTexts, t } from "./i18n.js";
import { me, room } from "./state.js";
import { showToast } from "./ui.js";

/** A page that came over a plain network may not tell anything: it has no bell. */
export const hasBell = isSecureContext && "Notification" in globalThis;
export const bellOn = signal(false);

const loadNotices = () => import("./notify.js");
const key = () => `papo:bell:${me.value.username}:${room.value.id}`;

/** Each room has a bell of its own, and this browser remembers it. */
export function watchBell() {
  effect(() => {
    const on = hasBell && Notification.permission === "granted" && isKept(key());
    bellOn.value = on;
    if (on) loadNotices().catch(() => {});
  });
}

function isKept(name) {
  try {
    return localStorage.getItem(name) !== null;
  } catch {
    return false;
  }
}

function keep(name, on) {
  bellOn.value = on;
  try {
    if (on) localStorage.setItem(name, "on");
    else localStorage.removeItem(name);
  } catch {
    // A browser without storage remembers the bell for as long as the page is in the room.
  }
}

/** Turns the bell of this room on or off. */
export async function pressBell() {
  const [name, title] = [key(), room.value.title];
  if (bellOn.value) return keep(name, false);
  // Browsers want the question to come from the very press.
  const answer = Notification.requestPermission();
  const ready = Promise.all([loadNotices(), loadMoreTexts()]);
  try {
    const granted = (await answer) === "granted";
    await ready;
    if (granted && name === key()) keep(name, true);
    showToast(t(granted ? "bell-is-on" : "bell-denied", { room: title }));
  } catch {
    showToast(t("problem-network"));
  }
}

/** A message came in: told if nobody looks and the bell is on. */
export function ring(event) {
  if (bellOn.value && document.hidden) loadNotices().then(({ notify }) => notify(event), () => {});
}
