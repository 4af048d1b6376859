// Who someone is: name, username, e-mail, since when; of a guest there is no more to tell than that.

import { html, useEffect, useState } from "../../vendor/papo-vendor.js";
import { api } from "../net/api.js";
import { language, t } from "../store/i18n.js";
import { endSession } from "../store/session.js";
import { members, room } from "../store/state.js";
import { Dialog } from "./dialog.js";
import { Avatar } from "./parts.js";

/** "março de 2026" */
const monthText = (ms, lang) => new Intl.DateTimeFormat(lang, { month: "long", year: "numeric" }).format(ms);

/** Whether the one who has the name now is somebody else than the author of a message of that time. */
const isAnother = (user, { guest = false, at }) => at !== undefined && (user.guest !== guest || (user.guest && user.since > at));

export default function ProfileDialog({ username, name, guest, at }) {
  const [user, setUser] = useState(null);
  const [failed, setFailed] = useState("");
  const here = failed === "" && members.value.some((member) => member.username === username);
  const shown = user ?? { username, name };

  useEffect(() => {
    let open = true;
    api("GET", `/api/users/${encodeURIComponent(username)}`).then(
      (found) => {
        if (!open) return;
        if (isAnother(found, { guest, at })) setFailed("profile-gone");
        else setUser(found);
      },
      ({ status }) => {
        if (status === 401) endSession();
        else if (open) setFailed(status === 404 ? "profile-gone" : "profile-failed");
      },
    );
    return () => { open = false; };
  }, [username]);

  const email = user?.email ? html`<a href=${`mailto:${user.email}`}>${user.email}</a>` : user ? t("profile-no-email") : html`<span class="wait" aria-hidden="true"></span>`;
  const facts = guest ? html`<p class="lead">${t("profile-guest")}</p>` : html`<dl>
    <dt>${t("profile-username")}</dt><dd>@${username}</dd>
    <dt>${t("profile-email")}</dt><dd>${email}</dd>
    ${(!user || user.since) && html`<dt>${t("profile-since")}</dt><dd>${user ? monthText(user.since, language.value) : html`<span class="wait" aria-hidden="true"></span>`}</dd>`}
  </dl>`;
  return html`<${Dialog} labelledby="profile-name">
    <div class="profile" aria-busy=${!user && failed === ""}>
      <${Avatar} person=${shown} size="l" />
      <h2 id="profile-name">${shown.name}</h2>
      <p class=${`state ${here ? "here" : ""}`}><i></i>${here ? t("profile-here", { room: room.value.title }) : t("profile-away")}${guest && ` · ${t("person-guest")}`}</p>
      ${failed ? html`<p class=${failed === "profile-gone" ? "lead" : "err"} role="alert">${t(failed)}</p>` : facts}
    </div>
  <//>`;
}
