// The left side: the brand, the rooms, oneself.

import { html } from "../../vendor/papo-vendor.js";
import { drafts } from "../store/drafts.js";
import { t } from "../store/i18n.js";
import { openRoom } from "../store/rooms.js";
import { memberCount, phase, room, rooms, sessionOver, unseen } from "../store/state.js";
import { closeDrawer, showDialog } from "../store/ui.js";
import { Brand, IconButton } from "./icon.js";
import { Drawer } from "./drawer.js";
import { MeBar } from "./me-bar.js";
import { RoomRow } from "./room-row.js";

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

