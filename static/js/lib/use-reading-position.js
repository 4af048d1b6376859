// Keeps the reader where they are: at the end when they were at the end, otherwise at the same row, whatever comes above or below.

import { useEffect, useLayoutEffect, useRef } from "../../vendor/papo-vendor.js";

/** At most this far from the end counts as at the end, in CSS pixels. */
const NEAR_PX = 60;

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

/**
 * @param rows     what is drawn: the position is restored whenever it changes
 * @param onMove   `({atEnd, above})` after every scroll; `above` is how many pixels lie above the view
 * @returns refs for the scroller and its list, and `toEnd()`
 */
export function useReadingPosition(rows, onMove) {
  const scroller = useRef(null);
  const list = useRef(null);
  const held = useRef({ atEnd: true, row: null, top: 0 });

  const remember = () => {
    const box = scroller.current;
    const row = firstVisible(list.current, box.getBoundingClientRect().top);
    held.current.row = row;
    held.current.top = row ? row.getBoundingClientRect().top - box.getBoundingClientRect().top : 0;
  };

  const restore = () => {
    const box = scroller.current;
    if (!box || !list.current) return;
    const { atEnd, row, top } = held.current;
    if (atEnd) box.scrollTop = box.scrollHeight;
    else if (row?.isConnected) {
      const moved = row.getBoundingClientRect().top - box.getBoundingClientRect().top - top;
      if (Math.abs(moved) >= 0.5) box.scrollTop += moved;
    }
    remember();
  };

  const tell = () => {
    const box = scroller.current;
    onMove({ atEnd: held.current.atEnd, above: box.scrollTop });
  };

  const onScroll = () => {
    const box = scroller.current;
    held.current.atEnd = box.scrollHeight - box.scrollTop - box.clientHeight <= NEAR_PX;
    remember();
    tell();
  };

  const toEnd = () => {
    held.current.atEnd = true;
    restore();
    if (scroller.current) tell();
  };

  useLayoutEffect(() => {
    restore();
    tell();
  }, [rows]);

  useEffect(() => {
    const observer = new ResizeObserver(restore);
    observer.observe(scroller.current);
    observer.observe(list.current);
    return () => observer.disconnect();
  }, []);

  return { scroller, list, onScroll, toEnd };
}
