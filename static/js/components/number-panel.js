// One client of even and odd numbers on the screen: its value, its step, and the exchange as it happens.

import { html } from "../../vendor/papo-vendor.js";
import { clockOf } from "../lib/numbers.js";
import { loginPath } from "../lib/site.js";
import { t } from "../store/i18n.js";
import { IconButton, memo } from "./parts.js";

/** What `state` is called, and whether something can be done about it. */
const STATES = {
  connecting: "numbers-connecting",
  counting: "numbers-counting",
  paused: "numbers-paused",
  offline: "numbers-offline",
  "signed-out": "numbers-signed-out",
  kicked: "numbers-signed-out",
  "too-many-tabs": "numbers-too-many-tabs",
  outdated: "numbers-outdated",
};
const KINDS = { even: "numbers-even", odd: "numbers-odd" };

const Row = memo(function Row({ at, dir, text, bad }) {
  return html`<li class=${`${dir} ${bad ? "bad" : ""}`}><time>${clockOf(at)}</time><span class="arrow" aria-hidden="true">${dir === "out" ? "→" : "←"}</span><span class="sr">${t(dir === "out" ? "numbers-sent" : "numbers-heard")}</span><span class="said">${text}</span></li>`;
});

function Remedy({ counter, state }) {
  if (state === "signed-out" || state === "kicked") return html`<a href=${loginPath(location.pathname + location.search)}>${t("numbers-sign-in")}</a>`;
  if (state === "too-many-tabs") return html`<button type="button" class="plain" onClick=${counter.restart}>${t("numbers-again")}</button>`;
  return null;
}

export function NumberPanel({ counter, username, onRemove }) {
  const { client, value, step, kind, state, rows } = counter;
  const counting = state.value === "counting";
  const paused = state.value === "paused";
  const toggle = paused ? counter.resume : counter.pause;
  const title = `number-${client}`;
  return html`<section class=${`number-panel is-${state.value}`} aria-labelledby=${title}>
    <header>
      <div class="grow"><h2 id=${title}>${t("numbers-client", { client })}</h2><span class="clip">@${username}${client > 1 ? `:${client}` : ""}</span></div>
      ${(counting || paused) && html`<${IconButton} icon=${paused ? "play" : "pause"} label=${t(paused ? "numbers-start" : "numbers-pause", { client })} onClick=${toggle} />`}
      ${onRemove && html`<${IconButton} icon="x" label=${t("numbers-remove", { client })} onClick=${() => onRemove(client)} />`}
    </header>
    <dl>
      <div class="number-value"><dt>${t("numbers-value")}</dt><dd>${value.value ?? "–"}</dd></div>
      <div class="number-step"><dt>${t("numbers-step")}</dt><dd><b>+${step.value}</b> <span>${t(KINDS[kind.value] ?? "numbers-first")}</span></dd></div>
    </dl>
    <p class="number-state" role="status"><i aria-hidden="true"></i>${t(STATES[state.value] ?? "numbers-offline")} <${Remedy} counter=${counter} state=${state.value} /></p>
    <div class="number-rows" role="region" tabindex="0" aria-label=${t("numbers-exchange", { client })}>
      ${rows.value.length === 0 ? html`<p>${t("numbers-nothing")}</p>` : html`<ol>${rows.value.map((row) => html`<${Row} key=${row.key} ...${row} />`)}</ol>`}
    </div>
  </section>`;
}
