// Tells of messages by the system: one notice a room, the newest in the place of those before, gone once somebody looks. Fetched with
// the first bell that is on.

import { t } from "./i18n.js";
import { room, unseen } from "./state.js";

/** How long another tab has to say that somebody looks at the same room there. */
const ANSWER_MS = 400;

const ICON = new URL("../../img/icon-192.png", import.meta.url).href;
const tabs = new BroadcastChannel("papo-bell");
const isLooking = (id) => !document.hidden && room.value.id === id;

let shown = null;
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
  shown = new Notification(`${count}${room.value.title}`, { body: `${from.name}: ${said}`, tag: `papo:${id}`, icon: ICON, lang: document.documentElement.lang });
  shown.onclick = () => {
    focus();
    clear();
  };
}

function clear() {
  shown?.close();
  shown = null;
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) clear();
});
addEventListener("pagehide", clear);
