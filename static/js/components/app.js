// The whole page.

import { html } from "../../vendor/papo-vendor.js";
import { t } from "../store/i18n.js";
import { phase, sessionOver } from "../store/state.js";
import { peopleShown } from "../store/ui.js";
import { ChatPanel } from "./chat-panel.js";
import { Dialogs } from "./dialogs.js";
import { Veil } from "./drawer.js";
import { DropZone } from "./drop-zone.js";
import { Announcer, Toast } from "./notices.js";
import { PeoplePanel } from "./people-panel.js";
import { RoomsPanel } from "./rooms-panel.js";

const toComposer = (event) => {
  event.preventDefault();
  document.getElementById("composer")?.focus();
};

export function App() {
  return html`
    ${!sessionOver.value && phase.value !== "bad" && html`<a class="skip" href="#composer" onClick=${toComposer}>${t("skip-to-composer")}</a>`}
    <div class=${`app ${peopleShown.value ? "" : "alone"}`}>
      <${RoomsPanel} /><${ChatPanel} /><${PeoplePanel} /><${Veil} />
    </div>
    ${!sessionOver.value && html`<${DropZone} />`}
    <${Dialogs} /><${Toast} /><${Announcer} />`;
}
