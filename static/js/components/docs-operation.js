// One operation of the API: what it takes, what it answers, and a form to try it.

import { html, useRef, useState } from "../../vendor/papo-vendor.js";
import { bodyOf, curl, example, limits, request, resolved } from "../lib/openapi.js";
import { t } from "../store/i18n.js";
import { AnswerView, send } from "./docs-answer.js";
import { Said } from "./docs-said.js";
import { SchemaView } from "./docs-schema.js";

/** A browser cannot send these by itself. */
const upgrades = (operation) => operation.responses["101"] !== undefined;

function Parameter({ api, operation, parameter, onInput }) {
  const { name, required, description = "", schema } = parameter;
  const id = `${operation.id}-${name}`;
  const { default: usual } = resolved(api, schema);
  return html`<div class="field">
    <label for=${id}><code>${name}</code> <span class="quiet">${parameter.in}${required ? "" : ` · ${t("docs-optional")}`}</span></label>
    <div class="control"><input id=${id} autocomplete="off" spellcheck="false" required=${required} placeholder=${usual === undefined ? undefined : String(usual)} aria-describedby=${`${id}-tip`} onInput=${(event) => onInput(name, event.target.value)} /></div>
    <div class="tip" id=${`${id}-tip`}><${Said} text=${description} />${limits(api, schema).map((limit) => html`<code class="limit">${limit}</code> `)}</div>
  </div>`;
}

function Body({ api, operation, body, text, onText, files }) {
  const id = `${operation.id}-body`;
  if (body.type === "multipart/form-data") {
    return html`<div class="field"><label for=${id}><code>files</code></label><div class="control"><input id=${id} type="file" multiple required ref=${files} /></div></div>`;
  }
  return html`<div class="field"><label for=${id}>${t("docs-body")} <span class="quiet">${body.type}</span></label>
    <textarea id=${id} rows=${text.split("\n").length + 1} spellcheck="false" autocapitalize="none" value=${text} onInput=${(event) => onText(event.target.value)}></textarea></div>
    <details><summary>${t("docs-fields")}</summary><${SchemaView} api=${api} schema=${body.schema} /></details>`;
}

/** What is sent along: the text, or the chosen files. */
function content(body, text, files) {
  if (!body) return undefined;
  if (body.type !== "multipart/form-data") return text;
  const form = new FormData();
  for (const file of files.current?.files ?? []) form.append("files", file, file.name);
  return form;
}

function Try({ api, operation, token }) {
  const body = bodyOf(operation);
  const [values, setValues] = useState({});
  const [text, setText] = useState(() => (body && body.schema ? JSON.stringify(example(api, body.schema), null, 2) : ""));
  const [answer, setAnswer] = useState(null);
  const [busy, setBusy] = useState(false);
  const files = useRef(null);
  const parameters = operation.parameters ?? [];
  const made = () => request(operation, { values, body: content(body, text, files), token });

  const onSubmit = async (event) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setAnswer(await send(made()));
    setBusy(false);
  };

  return html`<form class="docs-try" onSubmit=${onSubmit} aria-label=${`${t("docs-try")}: ${operation.method.toUpperCase()} ${operation.path}`}>
    ${parameters.map((parameter) => html`<${Parameter} key=${parameter.name} api=${api} operation=${operation} parameter=${parameter} onInput=${(name, value) => setValues((before) => ({ ...before, [name]: value }))} />`)}
    ${body && html`<${Body} api=${api} operation=${operation} body=${body} text=${text} onText=${setText} files=${files} />`}
    <div class="docs-send"><button class="btn primary" type="submit" aria-disabled=${busy}>${busy && html`<span class="spin" aria-hidden="true"></span>`}${t("docs-send")}</button></div>
    <details><summary>curl</summary><pre tabindex="0" aria-label="curl"><code>${curl(location.origin, made())}</code></pre></details>
    ${answer && html`<${AnswerView} answer=${answer} />`}
  </form>`;
}

function Responses({ api, operation }) {
  return html`<div class="docs-responses"><h4>${t("docs-responses")}</h4><ul>${Object.entries(operation.responses).map(([status, response]) => {
    const [content_] = Object.values(response.content ?? {});
    return html`<li key=${status}><details><summary><b class=${status < "400" ? "good" : "bad"}>${status}</b> <${Said} text=${response.description ?? ""} /></summary>
      ${Object.entries(response.headers ?? {}).map(([name, { description }]) => html`<p class="docs-said"><code>${name}</code> ${description}</p>`)}
      ${content_?.schema && html`<${SchemaView} api=${api} schema=${content_.schema} />`}</details></li>`;
  })}</ul></div>`;
}

export function Operation({ api, operation, token }) {
  const [open, setOpen] = useState(location.hash === `#${operation.id}`);
  const { method, path, summary, description } = operation;
  return html`<section class="docs-operation" id=${operation.id} aria-labelledby=${`${operation.id}-title`}>
    <h3 id=${`${operation.id}-title`}><button type="button" aria-expanded=${open} aria-controls=${`${operation.id}-more`} onClick=${() => setOpen(!open)}>
      <b class=${`docs-method ${method}`}>${method.toUpperCase()}</b><code>${path}</code><span>${summary}</span></button></h3>
    <div id=${`${operation.id}-more`} hidden=${!open}>${open && html`
      ${description && html`<${Said} text=${description} />`}
      ${upgrades(operation)
        ? html`<p class="docs-said">${t("docs-socket")}</p><pre tabindex="0" aria-label="websocat"><code>${`websocat -H='Authorization: Bearer ${token || "…"}' ${location.origin.replace("http", "ws")}${path}`}</code></pre>`
        : html`<${Try} api=${api} operation=${operation} token=${token} />`}
      <${Responses} api=${api} operation=${operation} />`}</div>
  </section>`;
}
