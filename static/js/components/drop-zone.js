// Files dropped anywhere on the page are attached.

import { html, useEffect, useState } from "../../vendor/papo-vendor.js";
import { attach } from "../store/attachments.js";
import { t } from "../store/i18n.js";

const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");

export function DropZone() {
  const [over, setOver] = useState(false);

  useEffect(() => {
    // Entering a child comes before leaving its parent, so the two are counted.
    let depth = 0;
    const listeners = {
      dragenter(event) {
        if (!carriesFiles(event)) return;
        event.preventDefault();
        depth += 1;
        setOver(true);
      },
      dragover(event) {
        if (carriesFiles(event)) event.preventDefault();
      },
      dragleave(event) {
        if (!carriesFiles(event)) return;
        depth = Math.max(0, depth - 1);
        if (depth === 0) setOver(false);
      },
      drop(event) {
        if (!carriesFiles(event)) return;
        event.preventDefault();
        depth = 0;
        setOver(false);
        attach([...event.dataTransfer.files]);
      },
    };
    for (const [type, listener] of Object.entries(listeners)) addEventListener(type, listener);
    return () => {
      for (const [type, listener] of Object.entries(listeners)) removeEventListener(type, listener);
    };
  }, []);

  return over && html`<div class="drop-over"><div class="drop">${t("attach-drop")}</div></div>`;
}
