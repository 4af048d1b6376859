// The initials of a person on their colour.

import { html } from "../../vendor/papo-vendor.js";
import { hueClass, initials } from "../lib/person.js";

export function Avatar({ person, size = "", dot = false }) {
  return html`<span class=${`avatar ${size} ${hueClass(person.username)}`} aria-hidden="true">${initials(person.name)}${dot && html`<i class="dot"></i>`}</span>`;
}
