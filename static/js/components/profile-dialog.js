// Who someone is: name, username, e-mail, since when.

import { html, useEffect, useState } from "../../vendor/papo-vendor.js";
import { api } from "../net/api.js";
import { language, t } from "../store/i18n.js";
import { endSession } from "../store/session.js";
import { members, room } from "../store/state.js";
import { Dialog } from "./dialog.js";
import { Avatar } from "./parts.js";

/** "março de 2026" */
const monthText = (ms, lang) => new Intl.DateTimeFormat(lang, { month: "long", year: "numeric" }).format(ms);

export default function ProfileDialog({ username, name }) {
  const [user, setUser] = useState(null);
  const [failed, setFailed] = useState(false);
  const here = members.value.some((member) => member.username === username);
  const shown = user ?? { username, name };

  useEffect(() => {
    let open = true;
    api("GET", `/api/users/${encodeURIComponent(username)}`).then(
      (found) => open && setUser(found),
      ({ status }) => {
        if (status === 401) endSession();
        else if (open) setFailed(true);
      },
    );
    return () => { open = false; };
  }, [username]);

  const email = user?.email ? html`<a href=${`mailto:${user.email}`}>${user.email}</a>` : user ? t("profile-no-email") : html`<span class="wait" aria-hidden="true"></span>`;
  return html`<${Dialog} labelledby="profile-name">
    <div class="profile" aria-busy=${!user && !failed}>
      <${Avatar} person=${shown} size="l" />
      <h2 id="profile-name">${shown.name}</h2>
      <p class=${`state ${here ? "here" : ""}`}><i></i>${here ? t("profile-here", { room: room.value.title }) : t("profile-away")}${user?.guest && ` · ${t("person-guest")}`}</p>
      ${failed ? html`<p class="err" role="alert">${t("profile-failed")}</p>` : html`<dl>
        <dt>${t("profile-username")}</dt><dd>@${username}</dd>
        <dt>${t("profile-email")}</dt><dd>${email}</dd>
        ${(!user || user.since) && html`<dt>${t("profile-since")}</dt><dd>${user ? monthText(user.since, language.value) : html`<span class="wait" aria-hidden="true"></span>`}</dd>`}
      </dl>`}
    </div>
  <//>`;
}
