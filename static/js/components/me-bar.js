// Oneself, the preferences, the way out.

import { html } from "../../vendor/papo-vendor.js";
import { t } from "../store/i18n.js";
import { signOut } from "../store/session.js";
import { me, sessionOver } from "../store/state.js";
import { showDialog } from "../store/ui.js";
import { Avatar } from "./avatar.js";
import { IconButton } from "./icon.js";

export function MeBar() {
  const person = me.value;
  return html`<div class="me">
    <${Avatar} person=${person} dot=${!sessionOver.value} />
    <div class="grow"><b class="clip">${person.name}</b><span class="clip">@${person.username}</span></div>
    <${IconButton} icon="gear" label=${t("preferences")} onClick=${() => showDialog({ kind: "preferences" })} />
    ${!sessionOver.value && html`<${IconButton} icon="out" label=${t("sign-out")} onClick=${signOut} />`}
  </div>`;
}
