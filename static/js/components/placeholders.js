// What stands where messages will be: nothing yet, on their way, gone wrong.

import { html } from "../../vendor/papo-vendor.js";

/** Said with a wink: a face, a sentence, perhaps a button. */
export function Empty({ face = ":-)", title, text, children }) {
  return html`<div class="empty"><span class="face" aria-hidden="true">${face}</span><b>${title}</b><p>${text}</p>${children}</div>`;
}

/** The shape of messages that are on their way. */
export function Skeleton({ label }) {
  return html`<div class="skel" role="status" aria-label=${label}><i></i><i></i><i></i><i></i></div>`;
}
