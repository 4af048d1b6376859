// The chat page: takes what the server wrote into the page, draws, connects.

import { effect, html, render } from "../../vendor/papo-vendor.js";
import { dayKey } from "../lib/dates.js";
import { roomOfPath, roomPath } from "../lib/site.js";
import { watchBell } from "../store/bell.js";
import { openConnection } from "../store/connection.js";
import { loadDrafts } from "../store/drafts.js";
import { takeEvent } from "../store/events.js";
import { onBack, replaceAddress } from "../store/history.js";
import { loadLanguage, t } from "../store/i18n.js";
import { onSeatLost } from "../store/outbox.js";
import { join, openRoom, rejoin } from "../store/rooms.js";
import { endSession } from "../store/session.js";
import { limits, me, now, room, rooms, sessionOver, unseen } from "../store/state.js";
import { loadUnsent } from "../store/unsent.js";
import { App } from "../components/app.js";
import { loadIcons } from "../components/parts.js";

/** How often it is looked whether a new day has begun. */
const MIDNIGHT_CHECK_MS = 30_000;

const root = document.getElementById("app");
const { username, name, guest: since, files, room: first, lang } = root.dataset;

me.value = { username, name, guest: since !== undefined, since: Number(since ?? 0) };
limits.value = { ...limits.value, files: Number(files) };
room.value = { id: first, title: first };

function hello() {
  const id = room.value.id || rooms.value[0]?.id;
  if (!id) return;
  if (room.value.id) {
    room.value = { ...room.value, title: rooms.value.find((other) => other.id === id)?.title ?? room.value.title };
    rejoin();
  } else {
    openRoom(id, { push: false });
    replaceAddress(roomPath(id));
  }
}

async function start() {
  loadDrafts();
  loadUnsent();
  onSeatLost(join);
  openConnection({ hello, event: takeEvent, signedOut: endSession });
  await Promise.all([loadLanguage(lang), loadIcons()]);
  root.replaceChildren();
  render(html`<${App} />`, root);
  effect(showUnseen);
  watchBell();
}

/** The title and the icon of the tab say how many messages were not seen. */
function showUnseen() {
  const count = unseen.value > 0 ? `(${unseen.value}) ` : "";
  const icon = new URL(`../../img/${count ? "favicon-new" : "favicon"}.svg`, import.meta.url).href;
  const link = document.querySelector("link[rel=icon]");
  if (link.href !== icon) link.href = icon;
  const place = sessionOver.value ? "" : `${room.value.title} · `;
  document.title = `${count}${place}${t("app-name")}`;
}

onBack(() => {
  const id = roomOfPath(location.pathname);
  if (id && !sessionOver.value) openRoom(id, { push: false });
});

// A page that comes back from the browser's memory may belong to a session that is over.
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) location.reload();
});

setInterval(() => {
  if (dayKey(now.value) !== dayKey(Date.now())) now.value = Date.now();
}, MIDNIGHT_CHECK_MS);

start();
