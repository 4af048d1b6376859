// The middle: the room with its name, its messages and the box to write in.

import { html } from "../../vendor/papo-vendor.js";
import { typingText } from "../lib/people.js";
import { bellOn, hasBell, pressBell } from "../store/bell.js";
import { t, tBold } from "../store/i18n.js";
import { signInAgain } from "../store/session.js";
import { me, memberCount, phase, room, sessionOver, typingHere } from "../store/state.js";
import { drawer, openDrawer, peopleShown } from "../store/ui.js";
import { Composer } from "./composer.js";
import { MessageLog } from "./message-log.js";
import { Banner } from "./notices.js";
import { Dots, Empty, IconButton } from "./parts.js";

/** The name of the room, how many are in it, and the way to the drawers. */
function Header() {
  const over = sessionOver.value;
  const known = (phase.value === "joined" || phase.value === "joining") && memberCount.value !== null;
  const toggle = () => { peopleShown.value = !peopleShown.value; };
  return html`<header class="bar">
    <${IconButton} icon="menu" label=${t("rooms-open")} class="only-m" aria-expanded=${drawer.value === "rooms"} aria-controls="rooms" onClick=${() => openDrawer("rooms")} />
    <span class="hash only-d" aria-hidden="true">#</span>
    <div class="grow"><h1 class="clip">${room.value.title}</h1>${!over && html`<div class="sub clip">${known ? t("room-members", { count: memberCount.value }) : "\u00a0"}</div>`}</div>
    ${!over && html`<div class="tools">
      ${hasBell && html`<${IconButton} icon=${bellOn.value ? "bell-on" : "bell"} label=${t("bell")} aria-pressed=${bellOn.value} onClick=${pressBell} />`}
      <${IconButton} icon="users" label=${t(peopleShown.value ? "people-hide" : "people-show")} class="only-w" aria-pressed=${peopleShown.value} onClick=${toggle} />
      <${IconButton} icon="users" label=${t("people-show")} class="only-t" aria-expanded=${drawer.value === "people"} aria-controls="people" onClick=${() => openDrawer("people")} />
    </div>`}
  </header>`;
}

/** Who is typing, above the message box. */
function TypingLine() {
  const text = typingText(typingHere.value);
  return html`<div class="typing" aria-live="off">${text && html`<${Dots} /><span class="clip">${tBold(text.key, text.names, { count: text.count })}</span>`}</div>`;
}

function SessionOver() {
  const text = t(me.value.guest ? "session-over-guest" : "session-over-text");
  return html`<div class="log-wrap over" role="alert"><${Empty} face=":-(" title=${t("session-over-title")} text=${text}><a class="btn primary" href=${signInAgain()}>${t("session-over-action")}</a><//></div>`;
}

export function ChatPanel() {
  return html`<main class="chat" inert=${drawer.value !== null}><${Header} />
    ${sessionOver.value ? html`<${SessionOver} />` : html`<${Banner} /><${MessageLog} /><${TypingLine} /><${Composer} />`}
  </main>`;
}
