// Tells of messages by the system: one notice a room, the newest in the place of those before, gone once somebody looks. Fetched with
// the first bell that is on.

import { t } from "./i18n.js";
import { room, unseen } from "./state.js";

/** How long another tab has to say that somebody looks at the same room there. */
const ANSWER_MS = 400;

const ICON = new URL("../../img/icon-192.png", import.meta.url).href;
const tabs = new BroadcastChannel("papo-bell");
const isLooking = (id) => !document.hidden && room.value.id === id;

const HELPER = new URL("../net/notice-worker.js", import.meta.url);

/** Takes away the notice that is shown. */
let close = null;
let onAnswer = () => {};

tabs.addEventListener("message", ({ data }) => {
  if (data.asked && isLooking(data.asked)) tabs.postMessage({ looking: data.asked });
  if (data.looking) onAnswer(data.looking);
});

/** Whether another tab of this browser shows the room to somebody. */
function isSeenElsewhere(id) {
  return new Promise((resolve) => {
    onAnswer = (looking) => looking === id && resolve(true);
    setTimeout(resolve, ANSWER_MS, false);
    tabs.postMessage({ asked: id });
  });
}

export async function notify({ room: id, from, text, images = [], files = [] }) {
  if (await isSeenElsewhere(id) || !document.hidden || room.value.id !== id) return;
  const count = unseen.value > 1 ? `(${unseen.value}) ` : "";
  const said = text || t("message-files", { count: images.length + files.length });
  const options = { body: `${from.name}: ${said}`, tag: `papo:${id}`, icon: ICON, lang: document.documentElement.lang, data: location.href };
  close = await show(`${count}${room.value.title}`, options);
  // Somebody may have come while the helper was fetched.
  if (!document.hidden) clear();
}

function show(title, options) {
  let notice;
  try {
    notice = new Notification(title, options);
  } catch {
    return showByHelper(title, options);
  }
  notice.onclick = () => {
    focus();
    clear();
  };
  return () => notice.close();
}

/** Chrome on Android lets a service worker alone show notices. Ours is for nothing else: see docs/decisions/0013-no-service-worker.md. */
async function showByHelper(title, options) {
  const registration = await navigator.serviceWorker.register(HELPER);
  await active(registration);
  await registration.showNotification(title, options);
  return async () => (await registration.getNotifications({ tag: options.tag })).forEach((notice) => notice.close());
}

function active(registration) {
  const coming = registration.installing ?? registration.waiting;
  if (registration.active || !coming) return undefined;
  return new Promise((resolve) => coming.addEventListener("statechange", () => registration.active && resolve()));
}

function clear() {
  close?.();
  close = null;
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) clear();
});
addEventListener("pagehide", clear);
