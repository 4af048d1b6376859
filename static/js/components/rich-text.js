// What someone wrote: text, with its links made to open. Nothing in it is ever taken for HTML.

import { html } from "../../vendor/papo-vendor.js";
import { linkify } from "../lib/linkify.js";

export function RichText({ text }) {
  return html`<span class="text">${linkify(text).map((part) =>
    part.href ? html`<a href=${part.href} target="_blank" rel="noopener noreferrer nofollow">${part.text}</a>` : part.text,
  )}</span>`;
}
