// The page of the API: who one is here, all operations by area, each to be tried.

import { html, useState } from "../../vendor/papo-vendor.js";
import { areas } from "../lib/openapi.js";
import { loginPath } from "../lib/site.js";
import { t, tBold } from "../store/i18n.js";
import { Operation } from "./docs-operation.js";
import { Said } from "./docs-said.js";

function Identity({ who, token, onToken }) {
  return html`<section class="docs-identity" aria-labelledby="docs-identity">
    <h2 id="docs-identity">${t("docs-identity")}</h2>
    <p class="docs-said">${who === "" ? html`${t("docs-nobody")} <a href=${loginPath(location.pathname)}>${t("docs-sign-in")}</a>` : tBold("docs-somebody", { username: `@${who}` })}</p>
    <div class="field"><label for="docs-token">${t("docs-token")}</label><div class="control"><input id="docs-token" autocomplete="off" spellcheck="false" value=${token} aria-describedby="docs-token-tip" onInput=${(event) => onToken(event.target.value.trim())} /></div><p class="tip" id="docs-token-tip">${t("docs-token-tip")}</p></div>
  </section>`;
}

/** `who` is signed in in this browser; "" is nobody. */
export function DocsPage({ api, who }) {
  const [token, setToken] = useState("");
  const all = areas(api);
  return html`<nav class="docs-nav" aria-label=${t("docs-nav")}>${all.map(({ name, operations }) => html`<div key=${name}><h2>${name}</h2><ul>${operations.map(({ id, method, path }) => html`<li key=${id}><a href=${`#${id}`}><b class=${`docs-method ${method}`}>${method.toUpperCase()}</b><span>${path}</span></a></li>`)}</ul></div>`)}</nav>
    <main id="docs-main">
      <h1>${t("docs-heading")} <span class="quiet">${api.info.version}</span></h1>
      <${Said} text=${api.info.description} lead />
      <p class="lead"><a href="/api/openapi.json">/api/openapi.json</a></p>
      <${Identity} who=${who} token=${token} onToken=${setToken} />
      ${all.map(({ name, description, operations }) => html`<section key=${name} class="docs-area" aria-labelledby=${`docs-area-${name}`}><h2 id=${`docs-area-${name}`}>${name} <span class="quiet">${description}</span></h2>${operations.map((operation) => html`<${Operation} key=${operation.id} api=${api} operation=${operation} token=${token} />`)}</section>`)}
    </main>`;
}
