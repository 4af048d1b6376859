// What a message carries: images, small, with their place reserved, opening in the lightbox; files as cards.

import { html, useState } from "../../vendor/papo-vendor.js";
import { fileKind, sizeText } from "../lib/files.js";
import { isUpload } from "../lib/urls.js";
import { language, t } from "../store/i18n.js";
import { Icon } from "./icon.js";

/** The largest a single image gets, in CSS pixels. */
const SINGLE_WIDTH = 320;
const SINGLE_HEIGHT = 300;
const SINGLE_LEAST = 96;

/** How large a single image is drawn: whole, within the limits, never larger than it is. */
function single({ width, height }) {
  if (!width || !height) return { width: SINGLE_WIDTH, height: Math.round(SINGLE_WIDTH * 0.75) };
  const scale = Math.min(1, SINGLE_WIDTH / width, SINGLE_HEIGHT / height);
  return { width: Math.max(SINGLE_LEAST, Math.round(width * scale)), height: Math.max(SINGLE_LEAST, Math.round(height * scale)) };
}

function Shot({ image, size, onOpen }) {
  const [state, setState] = useState("loading");
  const open = (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    onOpen();
  };
  return html`<a class=${`shot ${state}`} href=${image.url} target="_blank" rel="noopener" aria-label=${t("image-open", { name: image.name })} onClick=${open}>
    <img src=${image.url} alt="" width=${size?.width} height=${size?.height} decoding="async" draggable=${false}
      onLoad=${() => setState("there")} onError=${() => setState("broken")} />
    ${state === "broken" && html`<span class="ph"><${Icon} name="alert" />${t("image-failed")}</span>`}
  </a>`;
}

export function Shots({ images, onOpen }) {
  const shown = images.filter(({ url }) => isUpload(url));
  if (shown.length === 0) return null;
  const size = shown.length === 1 ? single(shown[0]) : null;
  return html`<div class=${`shots ${size ? "one" : shown.length % 2 ? "odd" : ""}`}>${shown.map((image, index) =>
    html`<${Shot} key=${image.url} image=${image} size=${size} onOpen=${() => onOpen(shown, index)} />`,
  )}</div>`;
}

/** What it is, its name, its size; a click fetches it. */
export function FileCard({ file }) {
  if (!isUpload(file.url)) return null;
  const { kind, badge } = fileKind(file.name, file.mime);
  return html`<a class="file" href=${file.url} download=${file.name} aria-label=${t("file-download", { name: file.name })} title=${file.name}>
    <span class=${`kind ${kind}`} aria-hidden="true">${badge}</span>
    <span class="two"><b class="clip">${file.name}</b><small class="clip">${sizeText(file.bytes, language.value)} · ${t(`kind-${kind}`)}</small></span>
    <span class="save" aria-hidden="true"><${Icon} name="save" /></span>
  </a>`;
}
