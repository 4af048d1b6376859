// The rows between messages: the day, the unread line, who came and went.

import { html } from "../../vendor/papo-vendor.js";
import { dayLabel, fullText, timeText } from "../lib/dates.js";
import { memo } from "../lib/memo.js";
import { language, t, tBold } from "../store/i18n.js";

const SAYINGS = { joined: "sys-joined", left: "sys-left", signed_out: "sys-left", moved: "sys-moved", disconnected: "sys-disconnected", kicked: "sys-kicked" };

export const DayRow = memo(function DayRow({ at, now }) {
  const { key, text } = dayLabel(at, now, language.value);
  return html`<li class="day"><span>${key ? t(key) : text}</span></li>`;
});

export const NewRow = memo(function NewRow({ count }) {
  return html`<li class="new"><span>${t("new-messages", { count })}</span></li>`;
});

export const LineRow = memo(function LineRow({ line }) {
  const time = timeText(line.at, language.value);
  return html`<li class="sys" title=${fullText(line.at, language.value)}>${tBold(SAYINGS[line.what] ?? "sys-left", { name: line.name }, { time })}</li>`;
});
