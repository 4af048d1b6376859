// The one dialog that is open, if any.

import { html } from "../../vendor/papo-vendor.js";
import { closeDialog, dialog } from "../store/ui.js";
import { Later } from "./later.js";

const KINDS = {
  lightbox: () => import("./lightbox.js"),
  preferences: () => import("./preferences-dialog.js"),
  profile: () => import("./profile-dialog.js"),
  room: () => import("./room-dialog.js"),
};

export function Dialogs() {
  if (!dialog.value) return null;
  const { kind, ...props } = dialog.value;
  return html`<${Later} key=${kind} load=${KINDS[kind]} onFail=${closeDialog} ...${props} />`;
}
