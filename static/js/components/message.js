// One message: who, what, when, what it carries, and for an own one whether it has arrived.

import { html } from "../../vendor/papo-vendor.js";
import { albumSize } from "../lib/album.js";
import { momentText } from "../lib/dates.js";
import { hueClass, initials } from "../lib/people.js";
import { isUpload } from "../lib/site.js";
import { isEmojiOnly, partsOf } from "../lib/text.js";
import { language, t } from "../store/i18n.js";
import { showDialog } from "../store/ui.js";
import { Later } from "./later.js";
import { Icon } from "./parts.js";

const loadShots = () => import("./shots.js");
const loadFileCard = () => import("./file-card.js");
const loadFailure = () => import("./failure.js");
const CARRIED_STYLES = ["carried"];
const STATES = { pending: ["clock", "message-pending"], sent: ["check", "message-sent"], failed: ["alert", "message-failed"] };

// Plain functions, not components: a busy room draws hundreds of messages a second.

function part({ text, href, code }) {
  if (href) return html`<a href=${href} target="_blank" rel="noopener noreferrer nofollow">${text}</a>`;
  return code ? html`<code class=${code === "block" ? "code" : ""}>${text}</code>` : text;
}

/** What someone wrote: text, with its links made to open and its code set apart. Nothing in it is ever taken for HTML. */
const words = (text) => html`<span class="text">${partsOf(text).map(part)}</span>`;

function album(images, name, at) {
  const shown = images.filter(({ url }) => isUpload(url));
  if (shown.length === 0) return null;
  const { rows, width, height } = albumSize(shown);
  return html`<div class="shots" style=${{ width: `${width}px`, aspectRatio: `${width} / ${height}` }}>
    <${Later} load=${loadShots} styles=${CARRIED_STYLES} images=${shown} rows=${rows} name=${name} at=${at} />
  </div>`;
}

function meta(at, own, state) {
  const [icon, label] = STATES[state];
  const { time, full } = momentText(at, language.value);
  return html`<span class="meta"><time datetime=${new Date(at).toISOString()} title=${full}>${time}</time>${own && html` ${Icon({ name: icon, size: "xs", label: t(label) })}`}</span>`;
}

export function MessageRow({ row: { event, own, first, state } }) {
  const { from, text, images = [], files = [] } = event;
  const at = event.sent_at ?? event.at;
  const media = images.length + files.length > 0;
  const bare = images.length > 0 && files.length === 0 && text === "";
  const emoji = !media && isEmojiOnly(text);
  const openProfile = () => showDialog({ kind: "profile", ...from, at });
  const said = emoji ? html`<span class="big">${text}</span>` : text !== "" && words(text);
  const when = meta(at, own, state);
  const look = [own && "own", first && "first", emoji && "emoji", state !== "sent" && state].filter(Boolean).join(" ");

  return html`<li class=${`msg ${look} ${hueClass(from.username)}`}>
    ${!own && first && html`<span class="avatar" aria-hidden="true">${initials(from.name)}</span>`}
    <div class=${`bubble ${media ? "media" : ""} ${bare ? "bare" : ""}`} dir="auto">
      ${!own && (first ? html`<button type="button" class="who" dir="auto" onClick=${openProfile}>${from.name}</button>` : html`<bdi class="by">${from.name}: </bdi>`)}
      ${images.length > 0 && album(images, from.name, at)}
      ${files.map((file) => html`<${Later} key=${file.url} load=${loadFileCard} styles=${CARRIED_STYLES} meanwhile=${html`<div class="file"></div>`} file=${file} />`)}
      ${media ? html`<div class=${said ? "text-row" : "text-row mute"}>${said}${when}</div>` : html`${said}${when}`}
    </div>
    ${state === "failed" && html`<${Later} load=${loadFailure} styles=${CARRIED_STYLES} id=${event.client_id} why=${event.why} />`}
  </li>`;
}
