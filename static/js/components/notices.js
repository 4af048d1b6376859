// What is told in passing: that something is not as usual, a toast, and new messages to those who listen.

import { html } from "../../vendor/papo-vendor.js";
import { retryNow, startAgain } from "../store/connection.js";
import { t } from "../store/i18n.js";
import { useHere } from "../store/rooms.js";
import { line, movedTo, offlineShown, phase, restarting, rooms } from "../store/state.js";
import { announcement, hideToast, toast } from "../store/ui.js";
import { Icon } from "./parts.js";

const reload = () => location.reload();

/** `{look, icon, text, action, act}` or null. */
function content() {
  if (line.value === "kicked") return { look: "bad", icon: "alert", text: t("kicked") };
  if (line.value === "too-many-tabs") return { look: "bad", icon: "tabs", text: t("too-many-tabs"), action: t("try-again"), act: startAgain };
  if (line.value === "outdated") return { look: "bad", icon: "alert", text: t("outdated"), action: t("reload"), act: reload };
  if (offlineShown.value && restarting.value) return { look: "warn", icon: "plug", text: t("restarting"), action: t("offline-retry"), act: retryNow };
  if (offlineShown.value) return { look: "warn", icon: "plug", text: t("offline"), action: t("offline-retry"), act: retryNow };
  if (phase.value === "moved") {
    const title = rooms.value.find(({ id }) => id === movedTo.value)?.title ?? movedTo.value;
    return { look: "warn", icon: "tabs", text: t("moved", { room: title }), action: t("moved-here"), act: useHere };
  }
  return null;
}

/** One line above the messages: the connection, another tab, the end. */
export function Banner() {
  const now = content();
  return html`<div role="status" class="banner-place">${now && html`<div class=${`banner ${now.look}`}>
    <${Icon} name=${now.icon} size="s" /><span>${now.text}</span>${now.action && html`<button type="button" onClick=${now.act}>${now.action}</button>`}
  </div>`}</div>`;
}

export function Toast() {
  return html`<div class="toast-place" role="status">${toast.value && html`<div class="toast"><span class="grow">${toast.value}</span><button type="button" onClick=${hideToast}>${t("ok")}</button></div>`}</div>`;
}

export function Announcer() {
  const { id, text } = announcement.value;
  return html`<div class="sr" id="announcer" role="status" aria-live="polite">${text && html`<span key=${id}>${text}</span>`}</div>`;
}
