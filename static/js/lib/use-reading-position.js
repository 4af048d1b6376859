// Keeps the reader where they are: at the end when they were at the end, otherwise at the same row, whatever comes above or below.

import { useEffect, useLayoutEffect, useRef } from "../../vendor/papo-vendor.js";

/** At most this far from the end counts as at the end, in CSS pixels. */
const NEAR_PX = 60;
/** Who scrolls up is not pulled down again before this time, in ms: otherwise nobody could leave the end of a busy room by small steps. */
const UPWARDS_MS = 300;

/** The first row of `list` that reaches below `top`; rows are in order, so it is searched by halves. */
function firstVisible(list, top) {
  const rows = list.children;
  let low = 0;
  let high = rows.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle].getBoundingClientRect().bottom > top) high = middle;
    else low = middle + 1;
  }
  // Dividers may go and come while messages are added above; a message stays.
  while (low < rows.length - 1 && !rows[low].classList.contains("msg")) low += 1;
  return rows[low] ?? null;
}

const topOf = (element) => element.getBoundingClientRect().top;

/**
 * @param changes  the rows on the page, and what else may let more of them come: the position is restored whenever one of these changes
 * @param reaches  `() => boolean`: whether the end of these rows is the end of the conversation
 * @param onMove   `({atEnd, above, below})` after every change; the pixels that lie above and below the view
 * @returns refs for the scroller and its list, `follows()`, `toEnd()`
 */
export function useReadingPosition(changes, reaches, onMove) {
  const scroller = useRef(null);
  const list = useRef(null);
  const held = useRef({ atEnd: true, row: null, top: 0, at: 0, upUntil: 0, pressed: false, selected: false }).current;

  const below = () => scroller.current.scrollHeight - scroller.current.scrollTop - scroller.current.clientHeight;
  /** While text is being selected nothing moves below the pointer. */
  const holding = () => held.pressed || held.selected || performance.now() < held.upUntil;

  const remember = () => {
    const top = topOf(scroller.current);
    held.row = firstVisible(list.current, top);
    held.top = held.row ? topOf(held.row) - top : 0;
  };

  const scrollTo = (top) => {
    scroller.current.scrollTop = top;
    held.at = scroller.current.scrollTop;
  };

  const noteScroll = () => {
    const at = scroller.current.scrollTop;
    const rest = below();
    // When the view grows at the end, the browser moves it up too: then nothing is left below.
    if (at < held.at && rest > 1) held.upUntil = performance.now() + UPWARDS_MS;
    held.at = at;
    held.atEnd = rest <= NEAR_PX && reaches();
    if (!held.atEnd || holding()) remember();
  };

  /** Asked before rows change: a scroll may have happened whose event has not come yet. */
  const follows = () => {
    if (scroller.current && scroller.current.scrollTop !== held.at) noteScroll();
    return held.atEnd && !holding();
  };

  const restore = () => {
    if (held.atEnd && !holding()) return scrollTo(scroller.current.scrollHeight);
    if (held.row?.isConnected) {
      const moved = topOf(held.row) - topOf(scroller.current) - held.top;
      if (Math.abs(moved) >= 0.5) scrollTo(scroller.current.scrollTop + moved);
    } else remember();
    if (held.atEnd) held.atEnd = below() <= NEAR_PX && reaches();
  };

  const tell = () => onMove({ atEnd: held.atEnd, above: scroller.current.scrollTop, below: below() });

  const onScroll = () => {
    noteScroll();
    tell();
  };

  const toEnd = () => {
    Object.assign(held, { atEnd: true, upUntil: 0, pressed: false, selected: false });
    settle();
  };

  const settle = () => {
    // What is taken off the page is measured a last time.
    if (!scroller.current) return;
    restore();
    tell();
  };

  useLayoutEffect(settle, changes);

  useEffect(() => {
    const observer = new ResizeObserver(settle);
    observer.observe(scroller.current);
    observer.observe(list.current);

    const hold = (change) => {
      if (!holding()) remember();
      Object.assign(held, change);
    };
    const onDown = () => hold({ pressed: true });
    const onUp = () => { held.pressed = false; };
    const onSelect = () => {
      const { isCollapsed, anchorNode } = getSelection();
      hold({ selected: !isCollapsed && list.current.contains(anchorNode) });
    };
    const { current: rows } = list;
    rows.addEventListener("pointerdown", onDown);
    addEventListener("pointerup", onUp);
    addEventListener("pointercancel", onUp);
    document.addEventListener("selectionchange", onSelect);
    return () => {
      observer.disconnect();
      rows.removeEventListener("pointerdown", onDown);
      removeEventListener("pointerup", onUp);
      removeEventListener("pointercancel", onUp);
      document.removeEventListener("selectionchange", onSelect);
    };
  }, []);

  return { scroller, list, onScroll, toEnd, follows };
}
