// The two sides of the page, drawers on a narrow screen: the brand, the rooms and oneself on the left, the people on the right.

import { html, useEffect, useRef } from "../../vendor/papo-vendor.js";
import { roomPath } from "../lib/site.js";
import { drafts } from "../store/drafts.js";
import { t } from "../store/i18n.js";
import { openRoom } from "../store/rooms.js";
import { signOut } from "../store/session.js";
import { me, memberCount, members, phase, room, rooms, sessionOver, typing, unseen, waitingBy } from "../store/state.js";
import { closeDrawer, drawer, focusOpener, showDialog } from "../store/ui.js";
import { Avatar, Brand, Dots, Icon, IconButton, memo, plainClick } from "./parts.js";

/** A side: as a drawer it takes the focus, Esc and the veil close it, the focus goes back. */
function Side({ name, class: extra, label, children }) {
  const panel = useRef(null);
  const open = drawer.value === name;

  useEffect(() => {
    if (!open) return undefined;
    panel.current.querySelector("button:not([hidden]), a")?.focus();
    const close = (event) => {
      if (event.key === "Escape" && !document.querySelector("dialog[open]")) closeDrawer();
    };
    document.addEventListener("keydown", close);
    return () => {
      document.removeEventListener("keydown", close);
      if (panel.current?.contains(document.activeElement) || document.activeElement === document.body) focusOpener();
    };
  }, [open]);

  return html`<aside ref=${panel} id=${name} class=${`${extra} ${open ? "open" : ""}`} aria-label=${label}>${children}</aside>`;
}

/** What darkens the room behind an open drawer. */
export function Veil() {
  return drawer.value && html`<div class="veil" onClick=${closeDrawer}></div>`;
}

function enter(id) {
  closeDrawer();
  openRoom(id);
}

/** The rooms of the server, with the one on the screen among them even before the server has listed it. */
function listed() {
  const { id, title } = room.value;
  const missing = phase.value === "joined" && !rooms.value.some((other) => other.id === id);
  return missing ? [...rooms.value, { id, title, members: memberCount.value }] : rooms.value;
}

const unsent = (waiting, failed) => (failed > 0 ? t("room-failed", { count: failed }) : t("room-unsent", { count: waiting }));

/** What is left to do in a room one is not in, if anything: messages that did not go out, a draft. */
function todo(waiting, failed, draft) {
  if (waiting > 0) return html`<span class=${failed > 0 ? "bad" : "draft"}>${unsent(waiting, failed)}</span>`;
  return draft && html`<span class="draft">${t("room-draft")}</span> <bdi>${draft}</bdi>`;
}

/** One room: its name, how many are in it, what is left to do there. */
const RoomRow = memo(function RoomRow({ id, title, members, current, waiting, failed, draft, badge, onOpen }) {
  const open = (event) => {
    if (!plainClick(event)) return;
    event.preventDefault();
    onOpen(id);
  };
  const hint = (!current && todo(waiting, failed, draft)) || t("room-members", { count: members });
  return html`<li><a class=${`row ${badge ? "unread" : ""}`} href=${roomPath(id)} aria-current=${current ? "page" : undefined} onClick=${open}>
    <span class="hash" aria-hidden="true">#</span>
    <span class="two"><span class="name clip">${title}</span><span class="hint clip">${hint}</span></span>
    ${waiting > 0 && html`<${Icon} name=${failed > 0 ? "alert" : "clock"} size=${failed > 0 ? "s bad" : "s"} label=${current && unsent(waiting, failed)} />`}
    ${badge > 0 && html`<span class="badge" aria-label=${t("new-messages", { count: badge })}>${badge > 99 ? "99+" : badge}</span>`}
  </a></li>`;
});

function MeBar() {
  const person = me.value;
  return html`<div class="me">
    <${Avatar} person=${person} dot=${!sessionOver.value} />
    <div class="grow"><b class="clip">${person.name}</b><span class="clip">${person.guest ? t("person-guest") : `@${person.username}`}</span></div>
    <${IconButton} icon="gear" label=${t("preferences")} onClick=${() => showDialog({ kind: "preferences" })} />
    ${!sessionOver.value && html`<${IconButton} icon="out" label=${t("sign-out")} onClick=${signOut} />`}
  </div>`;
}

/** However long the list, the room one is in is in view when one comes there. */
function showCurrent(list) {
  const row = list.querySelector("[aria-current]")?.getBoundingClientRect();
  const view = list.getBoundingClientRect();
  if (row && (row.top < view.top || row.bottom > view.bottom)) list.scrollTop += row.top - view.top - view.height / 2;
}

export function RoomsPanel() {
  const here = room.value.id;
  const list = useRef(null);
  const known = rooms.value.length > 0;
  useEffect(() => showCurrent(list.current), [here, known]);
  return html`<${Side} name="rooms" class="rooms" label=${t("rooms")}>
    <div class="bar"><${Brand} /><span class="grow"></span><${IconButton} icon="x" label=${t("close")} class="only-m" onClick=${closeDrawer} /></div>
    <nav ref=${list} class="scroll" aria-label=${t("rooms-list")}>
      <div class="label"><h2>${t("rooms")}</h2>${!sessionOver.value && html`<${IconButton} icon="plus" label=${t("room-new")} class="small" onClick=${() => showDialog({ kind: "room" })} />`}</div>
      <ul>${listed().map(({ id, title, members }) => html`<${RoomRow} key=${id} id=${id} title=${title}
        members=${id === here ? memberCount.value : members} current=${id === here} waiting=${waitingBy.value[id]?.all ?? 0} failed=${waitingBy.value[id]?.failed ?? 0} draft=${drafts.value[id]} badge=${id === here ? unseen.value : 0} onOpen=${enter} />`)}</ul>
    </nav>
    <${MeBar} />
  <//>`;
}

const showProfile = (username, name, guest) => showDialog({ kind: "profile", username, name, guest });

function about({ username, guest, you, typing }) {
  if (typing) return t("person-typing");
  if (you) return t("person-you");
  return guest ? t("person-guest") : `@${username}`;
}

const PersonRow = memo(function PersonRow(person) {
  const { username, name, guest, typing, onOpen } = person;
  return html`<li><button type="button" class="row" onClick=${() => onOpen(username, name, guest)}>
    <${Avatar} person=${person} dot=${true} />
    <span class="two"><span class="name clip">${name}</span><span class="hint clip">${about(person)}</span></span>
    ${typing && html`<${Dots} />`}
  </button></li>`;
});

export function PeoplePanel() {
  return html`<${Side} name="people" class="people" label=${t("people")}>
    <div class="bar"><h2 class="grow">${t("people-here")}${members.value.length > 0 && html` <span class="sub">· ${members.value.length}</span>`}</h2><${IconButton} icon="x" label=${t("close")} class="only-t" onClick=${closeDrawer} /></div>
    <ul class="scroll">${members.value.map(({ username, name, guest }) => html`<${PersonRow} key=${username} username=${username} name=${name} guest=${guest}
      you=${username === me.value.username} typing=${username !== me.value.username && typing.value.includes(username)} onOpen=${showProfile} />`)}</ul>
  <//>`;
}
