// Icons, what is nothing but an icon, and the brand. The drawings are those of img/icons.svg, taken into the page once.

import { html } from "../../vendor/papo-vendor.js";
import { t } from "../store/i18n.js";

const SPRITE = new URL("../../img/icons.svg", import.meta.url);

/** Puts the drawings into the page: from then on they need no network, whatever happens to the line. */
export async function loadIcons() {
  const response = await fetch(SPRITE);
  const parsed = new DOMParser().parseFromString(await response.text(), "image/svg+xml");
  const sprite = document.importNode(parsed.documentElement, true);
  sprite.setAttribute("class", "sr");
  sprite.setAttribute("aria-hidden", "true");
  document.body.append(sprite);
}

/** `label` makes it an image with a name; without one it is decoration. */
export function Icon({ name, size = "", label }) {
  const use = html`<use href=${`#${name}`} />`;
  return label
    ? html`<svg class=${`ico ${size}`} role="img" aria-label=${label}>${use}</svg>`
    : html`<svg class=${`ico ${size}`} aria-hidden="true">${use}</svg>`;
}

/** A round button that is only an icon; its label is its name. */
export function IconButton({ icon, label, class: extra = "", ...rest }) {
  return html`<button type="button" class=${`icon-btn ${extra}`} aria-label=${label} title=${label} ...${rest}><${Icon} name=${icon} /></button>`;
}

/** papo_ */
export function Brand() {
  return html`<a class="brand" href="/" aria-label=${t("app-name")}><svg class="mark" aria-hidden="true"><use href="#mark" /></svg><b aria-hidden="true">papo<span class="caret"></span></b></a>`;
}
