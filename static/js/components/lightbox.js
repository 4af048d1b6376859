// The images of a message, large: arrows to go through them, Esc to go back.

import { html, useEffect, useState } from "../../vendor/papo-vendor.js";
import { dayLabel, momentText } from "../lib/dates.js";
import { language, t } from "../store/i18n.js";
import { now } from "../store/state.js";
import { closeDialog } from "../store/ui.js";
import { Dialog } from "./dialog.js";
import { Icon, IconButton } from "./parts.js";

export default function Lightbox({ images, index, name, at }) {
  const [shown, setShown] = useState(index);
  const count = images.length;
  const image = images[shown];
  const go = (step) => setShown((current) => Math.min(count - 1, Math.max(0, current + step)));

  useEffect(() => {
    const onKey = ({ key }) => {
      if (key === "ArrowLeft") go(-1);
      if (key === "ArrowRight") go(1);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [count]);

  const onClick = ({ target, currentTarget }) => {
    if (target === currentTarget) closeDialog();
  };
  const day = dayLabel(at, now.value, language.value);
  const { time, full } = momentText(at, language.value);
  const when = `${day.key ? t(day.key) : day.text}, ${time}`;
  const about = [name, when, count > 1 && t("lightbox-position", { index: shown + 1, count })].filter(Boolean).join(" · ");
  return html`<${Dialog} class="lightbox" label=${t("lightbox")} bare=${true}>
    <header><span class="grow"><b class="clip">${image.name}</b><small class="clip" aria-live="polite" title=${full}>${about}</small></span>
      <a class="icon-btn" href=${image.url} download=${image.name} aria-label=${t("lightbox-download")} title=${t("lightbox-download")}><${Icon} name="save" /></a>
      <${IconButton} icon="x" label=${t("close")} onClick=${closeDialog} autofocus />
    </header>
    <div class="stage" onClick=${onClick}>
      ${shown > 0 && html`<${IconButton} icon="left" class="go previous" label=${t("lightbox-previous")} onClick=${() => go(-1)} />`}
      <img key=${image.url} src=${image.url} alt=${image.name} />
      ${shown < count - 1 && html`<${IconButton} icon="right" class="go next" label=${t("lightbox-next")} onClick=${() => go(1)} />`}
    </div>
  <//>`;
}
