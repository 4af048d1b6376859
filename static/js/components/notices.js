// What is said in passing: a toast to those who see, new messages to those who listen.

import { html } from "../../vendor/papo-vendor.js";
import { t } from "../store/i18n.js";
import { announcement, hideToast, toast } from "../store/ui.js";

export function Toast() {
  return html`<div class="toast-place" role="status">${toast.value && html`<div class="toast"><span class="grow">${toast.value}</span><button type="button" onClick=${hideToast}>${t("ok")}</button></div>`}</div>`;
}

export function Announcer() {
  return html`<div class="sr" id="announcer" role="status" aria-live="polite">${announcement.value}</div>`;
}
