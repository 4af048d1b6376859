// The middle: the room with its messages and the box to write in.

import { html } from "../../vendor/papo-vendor.js";
import { t } from "../store/i18n.js";
import { openRoom } from "../store/rooms.js";
import { signInAgain } from "../store/session.js";
import { phase, rooms, sessionOver } from "../store/state.js";
import { drawer } from "../store/ui.js";
import { Banner } from "./banner.js";
import { ChatHeader } from "./chat-header.js";
import { Composer } from "./composer.js";
import { MessageLog } from "./message-log.js";
import { Empty } from "./placeholders.js";
import { TypingLine } from "./typing-line.js";

function NoSuchRoom() {
  const first = rooms.value[0];
  return html`<div class="log-wrap over"><${Empty} face=":-(" title=${t("room-bad-title")} text=${t("room-bad-text")}>
    ${first && html`<button type="button" class="btn primary" onClick=${() => openRoom(first.id)}>${t("room-first", { room: first.title })}</button>`}<//></div>`;
}

function SessionOver() {
  return html`<div class="log-wrap over" role="alert"><${Empty} face=":-(" title=${t("session-over-title")} text=${t("session-over-text")}><a class="btn primary" href=${signInAgain()}>${t("session-over-action")}</a><//></div>`;
}

function content() {
  if (sessionOver.value) return html`<${SessionOver} />`;
  if (phase.value === "bad") return html`<${Banner} /><${NoSuchRoom} />`;
  return html`<${Banner} /><${MessageLog} /><${TypingLine} /><${Composer} />`;
}

export function ChatPanel() {
  return html`<main class="chat" inert=${drawer.value !== null}><${ChatHeader} />${content()}</main>`;
}
