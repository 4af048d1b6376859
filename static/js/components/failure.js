// What can be done with a message that did not go out. Fetched with the first one.

import { html } from "../../vendor/papo-vendor.js";
import { t } from "../store/i18n.js";
import { forget, sayAgain } from "../store/outbox.js";
import { focusComposer } from "../store/ui.js";

export default function Failure({ id, why }) {
  const text = why ? t("message-failed-why", { why: why.startsWith("why-") ? t(why) : why }) : t("message-failed");
  const act = (action) => () => {
    action(id);
    focusComposer();
  };
  return html`<p class="failure"><span>${text}</span>
    <button type="button" onClick=${act(sayAgain)}>${t("message-retry")}</button>
    <button type="button" onClick=${act(forget)}>${t("message-delete")}</button></p>`;
}
