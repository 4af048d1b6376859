// The messages of the room, with what surrounds them: loading, empty, failed, older and newer ones on the way.

import { html, useComputed, useEffect, useLayoutEffect, useRef } from "../../vendor/papo-vendor.js";
import { buildRows } from "../lib/rows.js";
import { useReadingPosition } from "../lib/use-reading-position.js";
import { useShownRows } from "../lib/use-shown-rows.js";
import { t } from "../store/i18n.js";
import { onFollow } from "../store/notice.js";
import { loadNewer, loadOlder, toNewest } from "../store/pages.js";
import { joinAgain } from "../store/rooms.js";
import { atBottom, filling, lines, log, me, newer, older, phase, room, toEnd, unread, unseen, waitingHere } from "../store/state.js";
import { focusComposer } from "../store/ui.js";
import { Empty, Icon, Skeleton } from "./parts.js";
import { drawRow } from "./rows.js";

/** More rows are shown, or fetched, when less than this lies above or below the view, in CSS pixels. */
const LOAD_PX = 300;
/** An older page is fetched when fewer rows than these are left in memory. */
const LOAD_ROWS = 50;

/** What stands above the first message. It is always equally high, so that nothing moves when it changes. */
function Above({ first }) {
  let content = null;
  if (older.value === "loading") content = html`<span class="spin" role="status" aria-label=${t("log-older")}></span>`;
  else if (older.value === "failed") content = html`<span>${t("log-older-failed")}</span><button type="button" class="plain" onClick=${loadOlder}>${t("try-again")}</button>`;
  else if (first && !log.value.more && log.value.events.length > 0) content = t("log-start");
  return html`<div class="older">${content}</div>`;
}

/** What stands below the last row while there are newer ones, in memory or not. */
function Below({ more }) {
  if (!log.value.tail && !more) return null;
  return html`<div class="older">${newer.value === "failed"
    ? html`<span>${t("log-newer-failed")}</span><button type="button" class="plain" onClick=${loadNewer}>${t("try-again")}</button>`
    : html`<span class="spin" role="status" aria-label=${t("log-newer")}></span>`}</div>`;
}

/** Back to the end of the conversation, with the number of messages that came meanwhile. */
function JumpButton() {
  if (atBottom.value) return null;
  const count = unseen.value;
  const jump = () => {
    toNewest();
    focusComposer();
  };
  return html`<button type="button" class="jump" aria-label=${count > 0 ? t("jump-new", { count }) : t("jump")} onClick=${jump}>
    ${count > 0 && html`<span class="badge" aria-hidden="true">${count > 99 ? "99+" : count}</span>`}<${Icon} name="down" />
  </button>`;
}

function useRows() {
  const known = useRef([]);
  return useComputed(() => {
    const { events, more, tail } = log.value;
    known.current = buildRows({
      events, more, lines: lines.value, waiting: waitingHere.value, unread: unread.value, me: me.value.username,
      apart: tail !== null && !filling.value, known: known.current,
    });
    return known.current;
  }).value;
}

export function MessageLog() {
  const rows = useRows();
  const asked = useRef({ end: -1, room: "" }).current;
  const position = useRef(null);
  const jump = asked.end !== toEnd.value || asked.room !== room.value.id;
  const shown = useShownRows(rows, jump || (position.current?.follows() ?? true));
  const latest = useRef(null);
  latest.current = shown;

  const reaches = () => latest.current.below === 0 && (!log.peek().tail || filling.peek());
  const moved = ({ atEnd, above, below }) => {
    const { above: moreAbove, below: moreBelow, moveUp, moveDown } = latest.current;
    atBottom.value = atEnd;
    if (atEnd && !document.hidden) unseen.value = 0;
    if (above < LOAD_PX && moreAbove > 0) moveUp();
    else if (below < LOAD_PX && moreBelow > 0) moveDown();
    if ((above < LOAD_PX || (!atEnd && moreAbove < LOAD_ROWS)) && older.peek() === "idle") loadOlder();
    if (below < LOAD_PX && moreBelow === 0 && !atEnd && newer.peek() === "idle") loadNewer();
  };
  position.current = useReadingPosition([shown.shown, shown.above, shown.below > 0], reaches, moved);
  const { scroller, list, onScroll, toEnd: scrollToEnd } = position.current;

  useLayoutEffect(() => {
    asked.end = toEnd.value;
    asked.room = room.value.id;
    scrollToEnd();
  }, [toEnd.value, room.value.id]);
  useLayoutEffect(() => onFollow(() => position.current.follows()), []);
  useEffect(() => {
    const look = () => {
      if (!document.hidden && atBottom.value) unseen.value = 0;
    };
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, []);
  const onKeyDown = ({ key, target }) => {
    if (key === "End" && target === scroller.current) toNewest();
  };

  const joined = phase.value === "joined";
  const spoken = rows.some(({ kind }) => kind === "message");
  return html`<div class="log-wrap">
    <div class="log" id="log" ref=${scroller} onScroll=${onScroll} onKeyDown=${onKeyDown} role="log" aria-live="off" aria-label=${t("log", { room: room.value.title })} tabindex="0">
      ${spoken && html`<${Above} first=${shown.above === 0} />`}
      ${!spoken && (log.value.more || (phase.value === "joining" && rows.length === 0)) && html`<${Skeleton} label=${t("log-loading")} />`}
      ${phase.value === "failed" && html`<${Empty} face=":-(" title=${t("log-failed-title")} text=${t("log-failed-text")}><button type="button" class="btn" onClick=${joinAgain}>${t("try-again")}</button><//>`}
      ${joined && !spoken && !log.value.more && html`<${Empty} title=${t("log-empty-title")} text=${t("log-empty-text")} />`}
      <ol ref=${list}>${shown.shown.map(drawRow)}</ol>
      <${Below} more=${shown.below > 0} />
    </div>
    <${JumpButton} />
  </div>`;
}
