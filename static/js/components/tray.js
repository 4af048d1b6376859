// The attachments of the message being written.

import { html, useLayoutEffect, useRef } from "../../vendor/papo-vendor.js";
import { fileKind, progressText, sizeText } from "../lib/files.js";
import { language, t } from "../store/i18n.js";
import { limits, tray } from "../store/state.js";
import { removeAttachment, retryAttachment } from "../store/uploads.js";
import { focusComposer } from "../store/ui.js";
import { Icon } from "./parts.js";

const again = (id, key) => html`<button type="button" class="plain" onClick=${() => retryAttachment(id)}>${t(key)}</button>`;

function status({ id, state, size, sent, why }) {
  const lang = language.value;
  switch (state) {
    case "queued": return t("attach-queued");
    case "sending": return t("attach-progress", progressText(sent, size, lang));
    case "done": return t("attach-ready", { size: sizeText(size, lang) });
    case "refused": return t("attach-too-large", { size: sizeText(limits.value.file_bytes, lang) });
    case "waiting": return html`${t("attach-waiting")} ${again(id, "attach-retry-now")}`;
    default: return why ? t(why) : html`${t("attach-failed")} ${again(id, "attach-retry")}`;
  }
}

function Chip({ item }) {
  const { id, name, size, sent, state, preview, file } = item;
  const { kind, badge } = fileKind(name, file.type);
  const bad = state === "failed" || state === "refused";
  const away = state === "sending" || state === "queued" || state === "waiting" ? "attach-cancel" : "attach-remove";
  const remove = () => {
    removeAttachment(id);
    focusComposer();
  };
  return html`<li class=${`chip ${bad ? "bad" : ""}`}>
    ${preview ? html`<img src=${preview} alt="" />` : html`<span class=${`kind ${kind}`} aria-hidden="true">${badge}</span>`}
    <span class="two"><b class="clip" dir="auto" title=${name}>${name}</b><small>${status(item)}</small>
      ${state === "sending" && html`<progress value=${sent} max=${Math.max(size, 1)} aria-label=${t("attach-sending", { name })}></progress>`}</span>
    <button type="button" class="x" aria-label=${t(away, { name })} title=${t(away, { name })} onClick=${remove}><${Icon} name="x" size="s" /></button>
  </li>`;
}

export default function Tray() {
  const list = useRef(null);
  const count = tray.value.length;
  const before = useRef(count);
  // What was added last is in sight.
  useLayoutEffect(() => {
    if (count > before.current) list.current.scrollLeft = list.current.scrollWidth;
    before.current = count;
  }, [count]);
  return html`<ul class="tray" ref=${list} aria-label=${t("attachments")} tabindex="0">${tray.value.map((item) => html`<${Chip} key=${item.id} item=${item} />`)}</ul>`;
}
