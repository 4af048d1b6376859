// All of the page is a place to drop files.

import { html, useEffect, useState } from "../../vendor/papo-vendor.js";
import { attach } from "../store/attachments.js";
import { t } from "../store/i18n.js";

const STEPS = ["dragenter", "dragover", "dragleave", "drop"];

export function DropZone() {
  const [over, setOver] = useState(false);

  useEffect(() => {
    const onDrag = (event) => {
      const { type, dataTransfer, relatedTarget } = event;
      if (!dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      // Who leaves an element enters another one, unless they leave the page.
      setOver(type !== "drop" && (type !== "dragleave" || relatedTarget !== null));
      if (type === "drop") attach([...dataTransfer.files]);
    };
    for (const step of STEPS) addEventListener(step, onDrag);
    return () => {
      for (const step of STEPS) removeEventListener(step, onDrag);
    };
  }, []);

  return over && html`<div class="drop-over"><div class="drop">${t("attach-drop")}</div></div>`;
}
