// One message: who, what, when, what it carries, and for an own one whether it has arrived.

import { html, useState } from "../../vendor/papo-vendor.js";
import { fullText, timeText } from "../lib/dates.js";
import { hueClass } from "../lib/people.js";
import { isUpload } from "../lib/site.js";
import { isEmojiOnly, linkify } from "../lib/text.js";
import { language, t } from "../store/i18n.js";
import { forget, sayAgain } from "../store/outbox.js";
import { showDialog } from "../store/ui.js";
import { Later } from "./later.js";
import { Avatar, Icon, memo, plainClick } from "./parts.js";

/** The largest a single image gets, in CSS pixels. */
const SINGLE_WIDTH = 320;
const SINGLE_HEIGHT = 300;
const SINGLE_LEAST = 96;
const loadFileCard = () => import("./file-card.js");
const STATES = { pending: ["clock", "message-pending"], sent: ["check", "message-sent"], failed: ["alert", "message-failed"] };

/** What someone wrote: text, with its links made to open. Nothing in it is ever taken for HTML. */
function RichText({ text }) {
  return html`<span class="text">${linkify(text).map((part) =>
    part.href ? html`<a href=${part.href} target="_blank" rel="noopener noreferrer nofollow">${part.text}</a>` : part.text,
  )}</span>`;
}

/** How large a single image is drawn: whole, within the limits, never larger than it is. */
function single({ width, height }) {
  if (!width || !height) return { width: SINGLE_WIDTH, height: Math.round(SINGLE_WIDTH * 0.75) };
  const scale = Math.min(1, SINGLE_WIDTH / width, SINGLE_HEIGHT / height);
  return { width: Math.max(SINGLE_LEAST, Math.round(width * scale)), height: Math.max(SINGLE_LEAST, Math.round(height * scale)) };
}

function Shot({ image, size, onOpen }) {
  const [state, setState] = useState("loading");
  const open = (event) => {
    if (!plainClick(event)) return;
    event.preventDefault();
    onOpen();
  };
  return html`<a class=${`shot ${state}`} href=${image.url} target="_blank" rel="noopener" aria-label=${t("image-open", { name: image.name })} onClick=${open}>
    <img src=${image.url} alt="" width=${size?.width} height=${size?.height} decoding="async" draggable=${false}
      onLoad=${() => setState("there")} onError=${() => setState("broken")} />
    ${state === "broken" && html`<span class="ph"><${Icon} name="alert" />${t("image-failed")}</span>`}
  </a>`;
}

function Shots({ images, onOpen }) {
  const shown = images.filter(({ url }) => isUpload(url));
  if (shown.length === 0) return null;
  const size = shown.length === 1 ? single(shown[0]) : null;
  return html`<div class=${`shots ${size ? "one" : shown.length % 2 ? "odd" : ""}`}>${shown.map((image, index) =>
    html`<${Shot} key=${image.url} image=${image} size=${size} onOpen=${() => onOpen(shown, index)} />`,
  )}</div>`;
}

function Meta({ at, own, state }) {
  const [icon, label] = STATES[state];
  const date = new Date(at);
  return html`<span class="meta"><time datetime=${date.toISOString()} title=${fullText(at, language.value)}>${timeText(at, language.value)}</time>${own && html` <${Icon} name=${icon} size="xs" label=${t(label)} />`}</span>`;
}

function Failed({ event }) {
  const text = event.why ? t("message-failed-why", { why: t(event.why) }) : t("message-failed");
  return html`<p class="failure"><span>${text}</span>
    <button type="button" onClick=${() => sayAgain(event.client_id)}>${t("message-retry")}</button>
    <button type="button" onClick=${() => forget(event.client_id)}>${t("message-delete")}</button></p>`;
}

export const MessageRow = memo(function MessageRow({ event, own, first, state }) {
  const { from, text, images = [], files = [] } = event;
  const at = event.sent_at ?? event.at;
  const media = images.length + files.length > 0;
  const emoji = !media && isEmojiOnly(text);
  const meta = html`<${Meta} at=${at} own=${own} state=${state} />`;
  const openProfile = () => showDialog({ kind: "profile", ...from, at });
  const openImage = (list, index) => showDialog({ kind: "lightbox", images: list, index, name: from.name, at });
  const words = emoji ? html`<span class="big">${text}</span>` : text !== "" && html`<${RichText} text=${text} />`;
  const look = [own && "own", first && "first", emoji && "emoji", state !== "sent" && state].filter(Boolean).join(" ");

  return html`<li class=${`msg ${look} ${hueClass(from.username)}`}>
    ${!own && first && html`<${Avatar} person=${from} />`}
    <div class="stack">
      <div class=${`bubble ${media ? "media" : ""}`}>
        ${!own && (first ? html`<button type="button" class="who" onClick=${openProfile}>${from.name}</button>` : html`<span class="sr">${from.name}</span>`)}
        ${images.length > 0 && html`<${Shots} images=${images} onOpen=${openImage} />`}
        ${files.map((file) => html`<${Later} key=${file.url} load=${loadFileCard} meanwhile=${html`<div class="file"></div>`} file=${file} />`)}
        ${media ? html`<span class="text-row">${words}${meta}</span>` : html`${words}${meta}`}
      </div>
      ${state === "failed" && html`<${Failed} event=${event} />`}
    </div>
  </li>`;
});
