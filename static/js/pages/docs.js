// The page of the API: fetches the description and draws it.

import { html, render } from "../../vendor/papo-vendor.js";
import { DocsPage } from "../components/docs-page.js";
import { api as ask } from "../net/api.js";
import { loadLanguage } from "../store/i18n.js";

const root = document.getElementById("docs");

/** A link to an operation opens it, also when it is followed on the page. */
function openNamed() {
  const named = document.getElementById(location.hash.slice(1));
  const button = named?.querySelector("[aria-expanded=false]");
  button?.click();
  named?.scrollIntoView();
}

async function start() {
  const [api] = await Promise.all([ask("GET", root.dataset.api), loadLanguage(document.documentElement.lang, ["docs/"])]);
  root.replaceChildren();
  render(html`<${DocsPage} api=${api} who=${root.dataset.username} />`, root);
  openNamed();
  addEventListener("hashchange", openNamed);
}

start().catch(() => {
  const place = document.getElementById("docs-wait");
  place.querySelector(".face").textContent = ":-(";
  place.querySelector("b").textContent = root.dataset.failed;
});
