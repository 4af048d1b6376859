// One person in the list.

import { html } from "../../vendor/papo-vendor.js";
import { memo } from "../lib/memo.js";
import { t } from "../store/i18n.js";
import { Avatar } from "./avatar.js";
import { Dots } from "./typing-line.js";

function hint({ username, guest, you, typing }) {
  if (typing) return t("person-typing");
  if (you) return t("person-you");
  return guest ? `@${username} · ${t("person-guest")}` : `@${username}`;
}

export const PersonRow = memo(function PersonRow(person) {
  const { username, name, typing, onOpen } = person;
  return html`<li><button type="button" class="row" onClick=${() => onOpen(username, name)}>
    <${Avatar} person=${person} dot=${true} />
    <span class="two"><span class="name clip">${name}</span><span class="hint clip">${hint(person)}</span></span>
    ${typing && html`<${Dots} />`}
  </button></li>`;
});
