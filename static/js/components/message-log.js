// The messages of the room, with what surrounds them: loading, empty, failed, older ones on the way.

import { html, useComputed, useEffect, useLayoutEffect } from "../../vendor/papo-vendor.js";
import { dayLabel, fullText, timeText } from "../lib/dates.js";
import { buildRows } from "../lib/rows.js";
import { useReadingPosition } from "../lib/use-reading-position.js";
import { language, t, tBold } from "../store/i18n.js";
import { joinAgain, loadOlder } from "../store/rooms.js";
import { atBottom, lines, log, me, now, older, phase, room, toEnd, unread, unseen, waitingHere } from "../store/state.js";
import { MessageRow } from "./message.js";
import { Empty, Icon, Skeleton, memo } from "./parts.js";

/** Older messages are fetched when less than this lies above the view, in CSS pixels. */
const LOAD_PX = 300;
const SAYINGS = { joined: "sys-joined", left: "sys-left", signed_out: "sys-left", moved: "sys-moved", disconnected: "sys-disconnected", kicked: "sys-kicked" };

const DayRow = memo(function DayRow({ at, now }) {
  const { key, text } = dayLabel(at, now, language.value);
  return html`<li class="day"><span>${key ? t(key) : text}</span></li>`;
});

const NewRow = memo(function NewRow({ count }) {
  return html`<li class="new"><span>${t("new-messages", { count })}</span></li>`;
});

const LineRow = memo(function LineRow({ line }) {
  const time = timeText(line.at, language.value);
  return html`<li class="sys" title=${fullText(line.at, language.value)}>${tBold(SAYINGS[line.what] ?? "sys-left", { name: line.name }, { time })}</li>`;
});

function Row({ row }) {
  switch (row.kind) {
    case "day": return html`<${DayRow} at=${row.at} now=${now.value} />`;
    case "new": return html`<${NewRow} count=${row.count} />`;
    case "line": return html`<${LineRow} line=${row.line} />`;
    default: return html`<${MessageRow} event=${row.event} own=${row.own} first=${row.first} state=${row.state} />`;
  }
}

function moved({ atEnd, above }) {
  atBottom.value = atEnd;
  if (atEnd && !document.hidden) unseen.value = 0;
  if (above < LOAD_PX && older.peek() === "idle") loadOlder();
}

/** What is above the first message. It is always equally high, so that nothing moves when it changes. */
function Above() {
  let content = null;
  if (older.value === "loading") content = html`<span class="spin" role="status" aria-label=${t("log-older")}></span>`;
  else if (older.value === "failed") content = html`<span>${t("log-older-failed")}</span><button type="button" class="plain" onClick=${loadOlder}>${t("try-again")}</button>`;
  else if (!log.value.more && log.value.events.length > 0) content = t("log-start");
  return html`<div class="older">${content}</div>`;
}

/** Back to the end of the conversation, with the number of messages that came meanwhile. */
function JumpButton({ onClick }) {
  if (atBottom.value) return null;
  const count = unseen.value;
  return html`<button type="button" class="jump" aria-label=${count > 0 ? t("jump-new", { count }) : t("jump")} onClick=${onClick}>
    ${count > 0 && html`<span class="badge" aria-hidden="true">${count > 99 ? "99+" : count}</span>`}<${Icon} name="down" />
  </button>`;
}

export function MessageLog() {
  const rows = useComputed(() => buildRows({
    events: log.value.events, lines: lines.value, waiting: waitingHere.value, unread: unread.value, me: me.value.username,
  })).value;
  const position = useReadingPosition(rows, moved);

  useLayoutEffect(position.toEnd, [toEnd.value, room.value.id]);
  useEffect(() => {
    const look = () => {
      if (!document.hidden && atBottom.value) unseen.value = 0;
    };
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, []);

  const joined = phase.value === "joined";
  const spoken = rows.some(({ kind }) => kind === "message");

  return html`<div class="log-wrap">
    <div class="log" id="log" ref=${position.scroller} onScroll=${position.onScroll} role="log" aria-live="off" aria-label=${t("log", { room: room.value.title })} tabindex="0">
      ${spoken && html`<${Above} />`}
      ${rows.length === 0 && phase.value === "joining" && html`<${Skeleton} label=${t("log-loading")} />`}
      ${phase.value === "failed" && html`<${Empty} face=":-(" title=${t("log-failed-title")} text=${t("log-failed-text")}><button type="button" class="btn" onClick=${joinAgain}>${t("try-again")}</button><//>`}
      ${joined && !spoken && html`<${Empty} title=${t("log-empty-title")} text=${t("log-empty-text")} />`}
      <ol ref=${position.list}>${rows.map((row) => html`<${Row} key=${row.key} row=${row} />`)}</ol>
    </div>
    <${JumpButton} onClick=${position.toEnd} />
  </div>`;
}
