// The whole page, and the one dialog that lies over it, if any.

import { html } from "../../vendor/papo-vendor.js";
import { t } from "../store/i18n.js";
import { sessionOver } from "../store/state.js";
import { closeDialog, dialog, peopleShown } from "../store/ui.js";
import { ChatPanel } from "./chat-panel.js";
import { DropZone } from "./drop-zone.js";
import { Later } from "./later.js";
import { Announcer, Toast } from "./notices.js";
import { PeoplePanel, RoomsPanel, Veil } from "./sides.js";

const DIALOGS = {
  lightbox: () => import("./lightbox.js"),
  preferences: () => import("./preferences-dialog.js"),
  profile: () => import("./profile-dialog.js"),
  room: () => import("./room-dialog.js"),
};
const DIALOG_STYLES = ["forms", "dialogs"];

const toComposer = (event) => {
  event.preventDefault();
  document.getElementById("composer")?.focus();
};

function OpenDialog() {
  if (!dialog.value) return null;
  const { kind, ...props } = dialog.value;
  return html`<${Later} key=${kind} load=${DIALOGS[kind]} styles=${DIALOG_STYLES} onFail=${closeDialog} ...${props} />`;
}

export function App() {
  return html`
    ${!sessionOver.value && html`<a class="skip" href="#composer" onClick=${toComposer}>${t("skip-to-composer")}</a>`}
    <div class=${`app ${peopleShown.value ? "" : "alone"}`}>
      <${RoomsPanel} /><${ChatPanel} /><${PeoplePanel} /><${Veil} />
    </div>
    ${!sessionOver.value && html`<${DropZone} />`}
    <${OpenDialog} /><${Toast} /><${Announcer} />`;
}
