// A file of a message: what it is, its name, its size, a click to have it.

import { html } from "../../vendor/papo-vendor.js";
import { fileKind, sizeText } from "../lib/files.js";
import { isUpload } from "../lib/site.js";
import { language, t } from "../store/i18n.js";
import { Icon } from "./parts.js";

export default function FileCard({ file }) {
  if (!isUpload(file.url)) return null;
  const { kind, badge } = fileKind(file.name, file.mime);
  return html`<a class="file" href=${file.url} download=${file.name} title=${file.name}>
    <span class="sr">${t("file-download")} </span>
    <span class=${`kind ${kind}`} aria-hidden="true">${badge}</span>
    <span class="two"><b class="clip">${file.name}</b><small class="clip">${sizeText(file.bytes, language.value)} · ${t(`kind-${kind}`)}</small></span>
    <span class="save" aria-hidden="true"><${Icon} name="save" /></span>
  </a>`;
}
