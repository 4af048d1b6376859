// A text of the description: paragraphs, and what stands between backticks as code.

import { html } from "../../vendor/papo-vendor.js";

export function Said({ text, lead = false }) {
  return text.split("\n\n").map((paragraph) => html`<p class=${lead ? "lead" : "docs-said"}>${paragraph
    .split("`")
    .map((part, i) => (i % 2 === 1 ? html`<code>${part}</code>` : part))}</p>`);
}
