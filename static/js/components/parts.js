// Small parts that are used in many places: icons, the brand, avatars, dots, what stands where messages will be, `memo`.

import { h, html } from "../../vendor/papo-vendor.js";
import { hueClass, initials } from "../lib/people.js";
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

/** True unless the browser shall do something else with a link: open a tab, a window. */
export const plainClick = (event) => !(event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0);

/** papo_ */
export function Brand() {
  return html`<a class="brand" href="/" aria-label=${t("app-name")}><svg class="mark" aria-hidden="true"><use href="#mark" /></svg><b aria-hidden="true">papo<span class="caret"></span></b></a>`;
}

/** The initials of a person on their colour. */
export function Avatar({ person, size = "", dot = false }) {
  return html`<span class=${`avatar ${size} ${hueClass(person.username)}`} aria-hidden="true">${initials(person.name)}${dot && html`<i class="dot"></i>`}</span>`;
}

/** Three dots that hop while someone writes. */
export function Dots() {
  return html`<span class="typing-dots" aria-hidden="true"><i></i><i></i><i></i></span>`;
}

/** Said with a wink: a face, a sentence, perhaps a button. */
export function Empty({ face = ":-)", title, text, children }) {
  return html`<div class="empty"><span class="face" aria-hidden="true">${face}</span><b>${title}</b><p>${text}</p>${children}</div>`;
}

/** The shape of messages that are on their way. */
export function Skeleton({ label }) {
  return html`<div class="skel" role="status" aria-label=${label}><i></i><i></i><i></i><i></i></div>`;
}

/** A component that renders again only when one of its props is another value. */
export function memo(component) {
  return function Memo(props) {
    this.shouldComponentUpdate = (next) => differ(this.props, next);
    return h(component, props);
  };
}

function differ(a, b) {
  for (const key in a) if (key !== "children" && a[key] !== b[key]) return true;
  for (const key in b) if (!(key in a)) return true;
  return false;
}
