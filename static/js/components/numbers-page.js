// The page of even and odd numbers: clients side by side, each with a socket and a number of its own.

import { html, useEffect } from "../../vendor/papo-vendor.js";
import { CLIENTS_MAX } from "../lib/numbers.js";
import { addCounter, counters, removeCounter } from "../store/counters.js";
import { t } from "../store/i18n.js";
import { NumberPanel } from "./number-panel.js";
import { Brand, Icon } from "./parts.js";

export function NumbersPage({ username }) {
  useEffect(() => {
    document.title = `${t("numbers-title")} · ${t("app-name")}`;
  }, []);
  const count = counters.value.length;
  return html`
    <header class="numbers-bar"><${Brand} /><a class="btn" href="/"><${Icon} name="left" size="s" />${t("numbers-back")}</a></header>
    <main class="numbers-main">
      <div class="numbers-head">
        <div><h1>${t("numbers-title")}</h1><p>${t("numbers-lead")}</p></div>
        ${count < CLIENTS_MAX && html`<button type="button" class="btn primary" onClick=${addCounter}><${Icon} name="plus" size="s" />${t("numbers-add")}</button>`}
      </div>
      <div class="numbers-grid" role="group" aria-label=${t("numbers-clients")}>
        ${counters.value.map((counter) => html`<${NumberPanel} key=${counter.client} counter=${counter} username=${username} onRemove=${count > 1 && counter.client === count ? removeCounter : undefined} />`)}
      </div>
    </main>`;
}
