// The end of a session: by oneself, or by the server.

import { batch } from "../../vendor/papo-vendor.js";
import { loginPath } from "../lib/site.js";
import { closeConnection } from "./connection.js";
import { saveDraft } from "./drafts.js";
import { t } from "./i18n.js";
import { forgetKept, stopKeeping } from "./kept.js";
import { emptyLog } from "./log.js";
import { lines, log, members, phase, queue, rooms, room, sessionOver, typing, unread, unseen } from "./state.js";
import { closeDialog, closeDrawer, showToast } from "./ui.js";

let leaving = false;

/** Signs out everywhere this login is used, then goes to the sign-in page. What was being written goes too. */
export async function signOut() {
  leaving = true;
  try {
    const { api } = await import("../net/api.js");
    await api("POST", "/api/logout");
  } catch (error) {
    if (error.status !== 401) {
      leaving = false;
      showToast(t("sign-out-failed"));
      return;
    }
  }
  closeConnection();
  forgetKept();
  location.replace("/login");
}

/** The server has ended the session: nothing of the room stays on the screen, what was being written or sent is kept. */
export function endSession() {
  if (leaving || sessionOver.value) return;
  closeConnection();
  saveDraft();
  stopKeeping();
  batch(() => {
    sessionOver.value = true;
    closeDialog();
    closeDrawer();
    log.value = emptyLog();
    lines.value = [];
    members.value = [];
    typing.value = [];
    queue.value = [];
    rooms.value = [];
    phase.value = "joining";
    unread.value = null;
    unseen.value = 0;
  });
}

/** Where "Sign in" leads: back to this room afterwards. */
export const signInAgain = () => loginPath(location.pathname);
