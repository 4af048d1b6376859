// A dialog over the page. The browser keeps the focus in; Esc, the button or a click beside it close it; focus goes back.

import { html, useLayoutEffect, useRef } from "../../vendor/papo-vendor.js";
import { t } from "../store/i18n.js";
import { closeDialog, focusComposer } from "../store/ui.js";
import { IconButton } from "./parts.js";

export function Dialog({ class: extra = "", label, labelledby, bare = false, children }) {
  const dialog = useRef(null);

  useLayoutEffect(() => {
    const opener = document.activeElement;
    const element = dialog.current;
    element.showModal();
    return () => {
      element.close();
      if (opener?.isConnected) opener.focus();
      else focusComposer();
    };
  }, []);

  const onCancel = (event) => {
    event.preventDefault();
    closeDialog();
  };
  const onClick = ({ target, currentTarget }) => {
    if (target === currentTarget) closeDialog();
  };

  return html`<dialog ref=${dialog} onCancel=${onCancel} onClick=${onClick} class=${`dialog ${extra}`} aria-label=${label} aria-labelledby=${labelledby}>
    ${!bare && html`<${IconButton} icon="x" label=${t("close")} class="x" onClick=${closeDialog} />`}${children}
  </dialog>`;
}
