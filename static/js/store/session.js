// The end of a session: by oneself, or by the server.

import { batch } from "../../vendor/papo-vendor.js";
import { loginPath } from "../lib/site.js";
import { api } from "../net/api.js";
import { closeConnection } from "./connection.js";
import { draftOf, keepDraft, saveDraft } from "./drafts.js";
import { t } from "./i18n.js";
import { emptyLog } from "./log.js";
import { lines, log, members, phase, queue, rooms, room, sessionOver, typing, unread, unseen } from "./state.js";
import { closeDialog, closeDrawer, showToast } from "./ui.js";

let leaving = false;

/** Signs out everywhere this login is used, then goes to the sign-in page. */
export async function signOut() {
  leaving = true;
  try {
    await api("POST", "/api/logout");
  } catch (error) {
    if (error.status !== 401) {
      leaving = false;
      showToast(t("sign-out-failed"));
      return;
    }
  }
  closeConnection();
  location.replace("/login");
}

/** The server has ended the session: nothing of the room stays on the screen, what was being written is kept. */
export function endSession() {
  if (leaving || sessionOver.value) return;
  closeConnection();
  keepUnsent();
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

/** Messages that never went out go back to where they were written. */
function keepUnsent() {
  const here = queue.value.filter((item) => item.room === room.value.id).map((item) => item.text);
  const text = [...here, draftOf(room.value.id)].filter((part) => part !== "").join("\n");
  if (text !== "") keepDraft(room.value.id, text);
  saveDraft();
}

/** Where "Sign in" leads: back to this room afterwards. */
export const signInAgain = () => loginPath(location.pathname);
