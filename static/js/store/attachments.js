// The way in to uploads: their code is fetched with the first file.

import { loadMoreTexts, t } from "./i18n.js";
import { attaching, limits, room } from "./state.js";
import { showToast } from "./ui.js";

let uploads = null;

/** Takes files from the button, a drop or the clipboard. */
export async function attach(files) {
  if (files.length === 0) return;
  if (limits.value.files === 0) return showToast(t("attach-guest"));
  const here = room.value.id;
  attaching.value = true;
  try {
    [uploads] = await Promise.all([import("./uploads.js"), loadMoreTexts()]);
    uploads.attach(files, here);
  } catch {
    showToast(t("problem-network"));
  }
  attaching.value = false;
}

/** What was uploaded for the message, `{images, files}`; the tray is empty then. */
export const takeUploads = () => uploads?.takeUploads() ?? { images: [], files: [] };
