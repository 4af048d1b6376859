// The images of a message, large: arrows, buttons or a swipe to go through them, Esc to go back.

import { html, useEffect, useLayoutEffect, useRef, useState } from "../../vendor/papo-vendor.js";
import { dayLabel, momentText } from "../lib/dates.js";
import { isUpload } from "../lib/site.js";
import { language, t } from "../store/i18n.js";
import { now } from "../store/state.js";
import { closeDialog } from "../store/ui.js";
import { Dialog } from "./dialog.js";
import { Icon, IconButton } from "./parts.js";

/** A finger that goes this far sideways, in CSS pixels, goes to another image. */
const SWIPE_PX = 48;

/** One image: its preview at once, the whole of it as soon as it is there. */
function Picture({ image: { url, thumb, name, width, height } }) {
  const [state, setState] = useState("loading");
  const size = { "--w": width, "--h": height };
  return html`<div class=${`picture ${state}`} style=${size}>
    ${state === "loading" && isUpload(thumb) && html`<img class="preview" src=${thumb} alt="" />`}
    <img src=${url} alt=${name} draggable=${false} onLoad=${() => setState("there")} onError=${() => setState("broken")} />
    ${state === "loading" && html`<span class="spin" aria-hidden="true"></span>`}
    ${state === "broken" && html`<p role="alert"><${Icon} name="alert" /> ${t("image-failed")}</p>`}
  </div>`;
}

export default function Lightbox({ images, index, name, at }) {
  const [shown, setShown] = useState(index);
  const swipe = useRef(null);
  const last = images.length - 1;
  const image = images[shown];
  const goTo = (next) => setShown(Math.min(last, Math.max(0, next)));
  const goBy = (step) => setShown((now) => Math.min(last, Math.max(0, now + step)));

  // Keys count from the moment the image is seen, and each counts, however fast they come.
  useLayoutEffect(() => {
    const keys = { ArrowLeft: () => goBy(-1), ArrowRight: () => goBy(1), Home: () => goTo(0), End: () => goTo(last) };
    const onKey = ({ key }) => keys[key]?.();
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [last]);

  // The neighbours are on their way before they are asked for.
  useEffect(() => {
    for (const near of [images[shown + 1], images[shown - 1]]) if (near) new Image().src = near.url;
  }, [shown]);

  // The second click of a double click on the preview lands here.
  const onClick = ({ target, currentTarget, detail }) => {
    if (detail === 1 && (target === currentTarget || target.classList.contains("picture"))) closeDialog();
  };
  const onDown = ({ clientX, pointerType }) => { swipe.current = pointerType === "touch" ? clientX : null; };
  const onUp = ({ clientX }) => {
    const way = swipe.current === null ? 0 : clientX - swipe.current;
    swipe.current = null;
    if (Math.abs(way) >= SWIPE_PX) goBy(-Math.sign(way));
  };

  const day = dayLabel(at, now.value, language.value);
  const { time, full } = momentText(at, language.value);
  const when = `${day.key ? t(day.key) : day.text}, ${time}`;
  const about = [name, when, last > 0 && t("lightbox-position", { index: shown + 1, count: last + 1 })].filter(Boolean).join(" · ");
  const arrow = (icon, label, look, to) => html`<${IconButton} icon=${icon} class=${`go ${look}`} label=${t(label)} aria-disabled=${to < 0 || to > last} onClick=${() => goTo(to)} />`;
  return html`<${Dialog} class="lightbox" label=${t("lightbox")} bare=${true}>
    <header><span class="grow"><b class="clip" dir="auto">${image.name}</b><small class="clip" aria-live="polite" title=${full}>${about}</small></span>
      <a class="icon-btn" href=${image.url} download=${image.name} aria-label=${t("lightbox-download")} title=${t("lightbox-download")}><${Icon} name="save" /></a>
      <${IconButton} icon="x" label=${t("close")} onClick=${closeDialog} autofocus />
    </header>
    <div class="stage" onClick=${onClick} onPointerDown=${onDown} onPointerUp=${onUp}>
      <${Picture} key=${image.url} image=${image} />
      ${last > 0 && html`${arrow("left", "lightbox-previous", "previous", shown - 1)}${arrow("right", "lightbox-next", "next", shown + 1)}`}
    </div>
  <//>`;
}
