// Who is typing, above the message box.

import { html } from "../../vendor/papo-vendor.js";
import { typingText } from "../lib/person.js";
import { tBold } from "../store/i18n.js";
import { typingHere } from "../store/state.js";

/** Three dots that hop while someone writes. */
export function Dots() {
  return html`<span class="typing-dots" aria-hidden="true"><i></i><i></i><i></i></span>`;
}

export function TypingLine() {
  const text = typingText(typingHere.value);
  return html`<div class="typing" aria-live="off">${text && html`<${Dots} /><span class="clip">${tBold(text.key, text.names, { count: text.count })}</span>`}</div>`;
}
