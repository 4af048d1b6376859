// The right side: who is in the room.

import { html } from "../../vendor/papo-vendor.js";
import { memo } from "../lib/memo.js";
import { t } from "../store/i18n.js";
import { me, members, typing } from "../store/state.js";
import { closeDrawer, showDialog } from "../store/ui.js";
import { Avatar } from "./avatar.js";
import { Drawer } from "./drawer.js";
import { IconButton } from "./icon.js";
import { Dots } from "./typing-line.js";

const showProfile = (username, name) => showDialog({ kind: "profile", username, name });

function hint({ username, guest, you, typing }) {
  if (typing) return t("person-typing");
  if (you) return t("person-you");
  return guest ? `@${username} · ${t("person-guest")}` : `@${username}`;
}

const PersonRow = memo(function PersonRow(person) {
  const { username, name, typing, onOpen } = person;
  return html`<li><button type="button" class="row" onClick=${() => onOpen(username, name)}>
    <${Avatar} person=${person} dot=${true} />
    <span class="two"><span class="name clip">${name}</span><span class="hint clip">${hint(person)}</span></span>
    ${typing && html`<${Dots} />`}
  </button></li>`;
});

export function PeoplePanel() {
  return html`<${Drawer} name="people" class="people" label=${t("people")}>
    <div class="bar"><h2 class="grow">${t("people-here")} <span class="sub">· ${members.value.length}</span></h2><${IconButton} icon="x" label=${t("close")} class="only-t" onClick=${closeDrawer} /></div>
    <ul class="scroll">${members.value.map(({ username, name, guest }) => html`<${PersonRow} key=${username} username=${username} name=${name} guest=${guest}
      you=${username === me.value.username} typing=${username !== me.value.username && typing.value.includes(username)} onOpen=${showProfile} />`)}</ul>
  <//>`;
}
