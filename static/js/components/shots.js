// The images of a message: small previews that open large. Fetched with the first one; the place is kept before.

import { html, useState } from "../../vendor/papo-vendor.js";
import { SINGLE, albumHeights } from "../lib/album.js";
import { isUpload } from "../lib/site.js";
import { t } from "../store/i18n.js";
import { showDialog } from "../store/ui.js";
import { Icon, plainClick } from "./parts.js";

function Shot({ image, across, onOpen }) {
  const { url, thumb, name, mime } = image;
  const [state, setState] = useState("loading");
  const [source, setSource] = useState(isUpload(thumb) ? thumb : url);
  const open = (event) => {
    if (!plainClick(event)) return;
    event.preventDefault();
    onOpen();
  };
  // A preview that is gone is no reason to show nothing.
  const onError = () => (source === url ? setState("broken") : setSource(url));
  return html`<a class=${`shot of${across} ${state}`} href=${url} target="_blank" rel="noopener" aria-label=${t("image-open", { name })} onClick=${open}>
    <img src=${source} alt="" decoding="async" draggable=${false} onLoad=${() => setState("there")} onError=${onError} />
    ${state === "broken" && html`<span class="ph"><${Icon} name="alert" />${t("image-failed")}</span>`}
    ${mime === "image/gif" && html`<span class="tag" aria-hidden="true">GIF</span>`}
  </a>`;
}

export default function Shots({ images, rows, name, at }) {
  // A picture smaller than the smallest preview is not blown up.
  const tiny = images.length === 1 && Math.max(images[0].width ?? Infinity, images[0].height ?? Infinity) < SINGLE.least;
  const across = rows.flatMap((row) => Array(row).fill(row));
  const open = (index) => showDialog({ kind: "lightbox", images, index, name, at });
  return html`<div class=${`album ${tiny ? "tiny" : ""}`} style=${{ gridTemplateRows: albumHeights(rows) }}>${images.map((image, index) =>
    html`<${Shot} key=${image.url} image=${image} across=${across[index]} onOpen=${() => open(index)} />`,
  )}</div>`;
}
