// What the server answered: status, time, headers and body; a picture as a picture.

import { html, useEffect, useState } from "../../vendor/papo-vendor.js";
import { sizeText } from "../lib/files.js";
import { language, t } from "../store/i18n.js";

/** So much of a text is shown. */
const TEXT_CHARS_MAX = 20_000;

/** Sends `request` and tells what came back; `error` if nothing did. */
export async function send({ method, url, headers, body }) {
  const began = performance.now();
  try {
    const response = await fetch(url, { method, headers, body, credentials: "same-origin", cache: "no-store" });
    const blob = await response.blob();
    const type = response.headers.get("content-type") ?? "";
    const readable = /^(text\/|application\/([\w.+-]*\+)?json)/.test(type);
    return {
      status: response.status, reason: response.statusText, ms: Math.round(performance.now() - began), headers: [...response.headers],
      type, blob, text: readable ? pretty(await blob.text()) : "",
    };
  } catch (error) {
    return { error: String(error.message ?? error) };
  }
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function Picture({ blob }) {
  const [url, setUrl] = useState("");
  useEffect(() => {
    const made = URL.createObjectURL(blob);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [blob]);
  return url && html`<img src=${url} alt=${t("docs-answer-picture")} />`;
}

export function AnswerView({ answer }) {
  if (answer.error) return html`<div class="docs-answer bad" role="status"><p><b>${t("docs-no-answer")}</b> ${answer.error}</p></div>`;
  const { status, reason, ms, headers, type, blob, text } = answer;
  return html`<div class=${`docs-answer ${status < 400 ? "good" : "bad"}`} role="status">
    <p class="docs-status"><b>${status} ${reason}</b><span class="quiet">${t("docs-took", { ms })} · ${sizeText(blob.size, language.value)}</span></p>
    <details><summary>${t("docs-headers")}</summary><dl>${headers.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl></details>
    ${type.startsWith("image/") && html`<${Picture} blob=${blob} />`}
    ${text && html`<pre tabindex="0" aria-label=${t("docs-body")}><code>${text.slice(0, TEXT_CHARS_MAX)}${text.length > TEXT_CHARS_MAX ? "\n…" : ""}</code></pre>`}
  </div>`;
}
