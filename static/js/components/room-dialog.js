// Makes a new room.

import { html, useRef, useState } from "../../vendor/papo-vendor.js";
import { api } from "../net/api.js";
import { t } from "../store/i18n.js";
import { openRoom } from "../store/rooms.js";
import { endSession } from "../store/session.js";
import { me, rooms } from "../store/state.js";
import { closeDialog, closeDrawer } from "../store/ui.js";
import { Dialog } from "./dialog.js";
import { Icon } from "./parts.js";

const TITLE_CHARS = 40;
const TITLE = /^[\p{L}\p{M}\p{N} _-]+$/u;

/** What is wrong with a title before the server is asked, or "". */
function fault(title) {
  if (title === "") return t("field-required");
  if ([...title].length > TITLE_CHARS) return t("field-too-long", { max: TITLE_CHARS });
  return TITLE.test(title) ? "" : t("field-bad-characters");
}

function sentence({ code, errors, retryAfterMs }) {
  if (errors.length > 0) return errors[0].message;
  if (code === "rate_limited") return t("problem-rate-limited", { seconds: Math.ceil((retryAfterMs ?? 1000) / 1000) });
  const known = { network: "problem-network", busy: "problem-busy", forbidden: "problem-forbidden" };
  return t(known[code] ?? "problem-internal");
}

/** Makes a room that stays, and goes there; a guest's is opened by going there, and goes with its last member. Throws the server's problem. */
async function createRoom(title) {
  if (me.value.guest) return openRoom(title);
  const made = await api("POST", "/api/rooms", { title });
  if (!rooms.value.some(({ id }) => id === made.id)) rooms.value = [...rooms.value, made];
  openRoom(made.id);
}

export default function RoomDialog() {
  const field = useRef(null);
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);

  const refuse = (text) => {
    setError(text);
    field.current?.focus();
  };
  const onSubmit = async (event) => {
    event.preventDefault();
    if (busy) return;
    const title = field.current.value.trim();
    const wrong = fault(title);
    if (wrong) return refuse(wrong);
    setBusy(true);
    try {
      await createRoom(title);
      closeDialog();
      closeDrawer();
    } catch (problem) {
      if (problem.status === 401) return endSession();
      setBusy(false);
      refuse(sentence(problem));
    }
  };

  return html`<${Dialog} labelledby="room-title">
    <form class="panel" novalidate onSubmit=${onSubmit}>
      <h2 id="room-title">${t("room-new-title")}</h2>
      <p class="lead">${t(me.value.guest ? "room-new-lead-guest" : "room-new-lead")}</p>
      <div class="field">
        <label for="room-name">${t("room-new-name")}</label>
        <div class="control"><input id="room-name" ref=${field} autocomplete="off" required autofocus aria-invalid=${error !== "" ? "true" : undefined} aria-describedby="room-error room-tip" /></div>
        <p class="err" id="room-error" role="alert" hidden=${error === ""}><${Icon} name="alert" size="s" /><span>${error}</span></p>
        <p class="tip" id="room-tip">${t("room-new-tip")}</p>
      </div>
      <div class="actions"><button type="button" class="btn" onClick=${closeDialog}>${t("cancel")}</button><button type="submit" class="btn primary">${busy && html`<span class="spin" aria-hidden="true"></span>`}${t("room-new-submit")}</button></div>
    </form>
  <//>`;
}
