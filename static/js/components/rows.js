// The rows of the log: a message, a new day, the first message not seen, someone who came or went.

import { html } from "../../vendor/papo-vendor.js";
import { dayLabel, momentText } from "../lib/dates.js";
import { language, t, tBold } from "../store/i18n.js";
import { now } from "../store/state.js";
import { MessageRow } from "./message.js";

const SAYINGS = { joined: "sys-joined", left: "sys-left", signed_out: "sys-left", moved: "sys-moved", disconnected: "sys-disconnected", kicked: "sys-kicked" };

function DayRow({ row: { at } }) {
  const { key, text } = dayLabel(at, now.value, language.value);
  return html`<li class="day"><span>${key ? t(key) : text}</span></li>`;
}

function NewRow({ row: { count } }) {
  return html`<li class="new"><span>${t("new-messages", { count })}</span></li>`;
}

function LineRow({ row: { line } }) {
  const { time, full } = momentText(line.at, language.value);
  return html`<li class="sys" title=${full}>${tBold(SAYINGS[line.what] ?? "sys-left", { name: line.name }, { time })}</li>`;
}

const KINDS = { day: DayRow, new: NewRow, line: LineRow, message: MessageRow };

/** What was drawn of each row: as long as the row is the same, nothing of it is drawn again. */
const drawn = new WeakMap();

export function drawRow(row) {
  let node = drawn.get(row);
  if (!node) drawn.set(row, node = html`<${KINDS[row.kind]} key=${row.key} row=${row} />`);
  return node;
}
