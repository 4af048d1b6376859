// The right side: who is in the room.

import { html } from "../../vendor/papo-vendor.js";
import { t } from "../store/i18n.js";
import { me, members, typing } from "../store/state.js";
import { closeDrawer, showDialog } from "../store/ui.js";
import { Drawer } from "./drawer.js";
import { IconButton } from "./icon.js";
import { PersonRow } from "./person-row.js";

const showProfile = (username, name) => showDialog({ kind: "profile", username, name });

export function PeoplePanel() {
  return html`<${Drawer} name="people" class="people" label=${t("people")}>
    <div class="bar"><h2 class="grow">${t("people-here")} <span class="sub">· ${members.value.length}</span></h2><${IconButton} icon="x" label=${t("close")} class="only-t" onClick=${closeDrawer} /></div>
    <ul class="scroll">${members.value.map(({ username, name, guest }) => html`<${PersonRow} key=${username} username=${username} name=${name} guest=${guest}
      you=${username === me.value.username} typing=${username !== me.value.username && typing.value.includes(username)} onOpen=${showProfile} />`)}</ul>
  <//>`;
}
