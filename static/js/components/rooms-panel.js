// The left side: the brand, the rooms, oneself.

import { html } from "../../vendor/papo-vendor.js";
import { memo } from "../lib/memo.js";
import { roomPath } from "../lib/urls.js";
import { drafts } from "../store/drafts.js";
import { t } from "../store/i18n.js";
import { openRoom } from "../store/rooms.js";
import { signOut } from "../store/session.js";
import { me, memberCount, phase, room, rooms, sessionOver, unseen } from "../store/state.js";
import { closeDrawer, showDialog } from "../store/ui.js";
import { Avatar } from "./avatar.js";
import { Drawer } from "./drawer.js";
import { Brand, IconButton } from "./icon.js";

function open(id) {
  closeDrawer();
  openRoom(id);
}

/** The rooms of the server, with the one on the screen among them even before the server has listed it. */
function listed() {
  const { id, title } = room.value;
  const missing = phase.value === "joined" && !rooms.value.some((other) => other.id === id);
  return missing ? [...rooms.value, { id, title, members: memberCount.value }] : rooms.value;
}

/** One room: its name, how many are in it, a draft if there is one. */
const RoomRow = memo(function RoomRow({ id, title, members, current, draft, badge, onOpen }) {
  const open = (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    onOpen(id);
  };
  const hint = draft && !current ? html`<span class="draft">${t("room-draft")}</span> ${draft}` : t("room-members", { count: members });
  return html`<li><a class=${`row ${badge ? "unread" : ""}`} href=${roomPath(id)} aria-current=${current ? "page" : undefined} onClick=${open}>
    <span class="hash" aria-hidden="true">#</span>
    <span class="two"><span class="name clip">${title}</span><span class="hint clip">${hint}</span></span>
    ${badge > 0 && html`<span class="badge" aria-label=${t("new-messages", { count: badge })}>${badge > 99 ? "99+" : badge}</span>`}
  </a></li>`;
});

function MeBar() {
  const person = me.value;
  return html`<div class="me">
    <${Avatar} person=${person} dot=${!sessionOver.value} />
    <div class="grow"><b class="clip">${person.name}</b><span class="clip">@${person.username}</span></div>
    <${IconButton} icon="gear" label=${t("preferences")} onClick=${() => showDialog({ kind: "preferences" })} />
    ${!sessionOver.value && html`<${IconButton} icon="out" label=${t("sign-out")} onClick=${signOut} />`}
  </div>`;
}

export function RoomsPanel() {
  const here = room.value.id;
  return html`<${Drawer} name="rooms" class="rooms" label=${t("rooms")}>
    <div class="bar"><${Brand} /><span class="grow"></span><${IconButton} icon="x" label=${t("close")} class="only-m" onClick=${closeDrawer} /></div>
    <nav class="scroll" aria-label=${t("rooms-list")}>
      <div class="label"><h2>${t("rooms")}</h2>${!sessionOver.value && html`<${IconButton} icon="plus" label=${t("room-new")} class="small" onClick=${() => showDialog({ kind: "room" })} />`}</div>
      <ul>${listed().map(({ id, title, members }) => html`<${RoomRow} key=${id} id=${id} title=${title}
        members=${id === here ? memberCount.value : members} current=${id === here} draft=${drafts.value[id]} badge=${id === here ? unseen.value : 0} onOpen=${open} />`)}</ul>
    </nav>
    <${MeBar} />
  <//>`;
}
