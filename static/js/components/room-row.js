// One room in the list: its name, how many are in it, a draft if there is one.

import { html } from "../../vendor/papo-vendor.js";
import { memo } from "../lib/memo.js";
import { roomPath } from "../lib/urls.js";
import { t } from "../store/i18n.js";

export const RoomRow = memo(function RoomRow({ id, title, members, current, draft, badge, onOpen }) {
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
