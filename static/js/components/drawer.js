// A side of the page that is a drawer on a narrow screen: focus goes in, Esc and the veil close it, focus comes back.

import { html, useEffect, useRef } from "../../vendor/papo-vendor.js";
import { closeDrawer, drawer, focusOpener } from "../store/ui.js";

export function Drawer({ name, class: extra, label, children }) {
  const panel = useRef(null);
  const open = drawer.value === name;

  useEffect(() => {
    if (!open) return undefined;
    panel.current.querySelector("button:not([hidden]), a")?.focus();
    const close = (event) => {
      if (event.key === "Escape" && !document.querySelector("dialog[open]")) closeDrawer();
    };
    document.addEventListener("keydown", close);
    return () => {
      document.removeEventListener("keydown", close);
      if (panel.current?.contains(document.activeElement) || document.activeElement === document.body) focusOpener();
    };
  }, [open]);

  return html`<aside ref=${panel} id=${name} class=${`${extra} ${open ? "open" : ""}`} aria-label=${label}>${children}</aside>`;
}

/** What darkens the room behind an open drawer. */
export function Veil() {
  return drawer.value && html`<div class="veil" onClick=${closeDrawer}></div>`;
}
