// Back to the end of the conversation, with the number of messages that came meanwhile.

import { html } from "../../vendor/papo-vendor.js";
import { t } from "../store/i18n.js";
import { atBottom, unseen } from "../store/state.js";
import { Icon } from "./icon.js";

export function JumpButton({ onClick }) {
  if (atBottom.value) return null;
  const count = unseen.value;
  return html`<button type="button" class="jump" aria-label=${count > 0 ? t("jump-new", { count }) : t("jump")} onClick=${onClick}>
    ${count > 0 && html`<span class="badge" aria-hidden="true">${count > 99 ? "99+" : count}</span>`}<${Icon} name="down" />
  </button>`;
}
