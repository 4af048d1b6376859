// A schema of the API for people: its fields with their kinds and limits, and those of what is in them.

import { html } from "../../vendor/papo-vendor.js";
import { kind, limits, nameOf, properties, resolved } from "../lib/openapi.js";
import { t } from "../store/i18n.js";
import { Said } from "./docs-said.js";

/** So deep fields are shown within fields: a schema may lead back to itself. */
const DEPTH_MAX = 5;

/** What is worth opening: the fields of an object, of the items of a list, of one of several. */
function inner(api, schema) {
  const whole = resolved(api, schema);
  if (whole.type === "array") return inner(api, whole.items);
  const choices = whole.anyOf ?? whole.oneOf;
  if (choices) return choices.filter((one) => one.type !== "null").map((one) => [nameOf(one), properties(api, one)]).filter(([, fields]) => fields.length > 0);
  const fields = properties(api, schema);
  return fields.length > 0 ? [["", fields]] : [];
}

function Field({ api, name, schema, required, depth }) {
  const { description } = resolved(api, schema);
  const within = depth < DEPTH_MAX ? inner(api, schema) : [];
  return html`<li class="docs-field">
    <div><code class="name">${name}</code>${required ? null : html`<span class="quiet">${t("docs-optional")}</span>`} <span class="kind">${nameOf(schema) || kind(api, schema)}</span>${limits(api, schema).map((limit) => html` <code class="limit">${limit}</code>`)}</div>
    ${description && html`<${Said} text=${description} />`}
    ${within.length > 0 && html`<details><summary>${t("docs-fields")}</summary>${within.map(([title, fields]) => html`<${Fields} api=${api} title=${title} fields=${fields} depth=${depth + 1} />`)}</details>`}
  </li>`;
}

function Fields({ api, title, fields, depth }) {
  return html`${title && html`<p class="kind">${title}</p>`}<ul class="docs-fields">${fields.map(([name, schema, required]) => html`<${Field} key=${name} api=${api} name=${name} schema=${schema} required=${required} depth=${depth} />`)}</ul>`;
}

/** `schema` with all its fields; a value without fields in one line. */
export function SchemaView({ api, schema }) {
  const within = inner(api, schema);
  return html`<div class="docs-schema">
    <p><span class="kind">${nameOf(schema) || kind(api, schema)}</span>${within.length === 0 ? limits(api, schema).map((limit) => html` <code class="limit">${limit}</code>`) : null}</p>
    ${within.map(([title, fields]) => html`<${Fields} api=${api} title=${title} fields=${fields} depth=${0} />`)}
  </div>`;
}
