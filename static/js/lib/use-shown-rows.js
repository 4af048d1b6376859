// The rows that are on the page, out of those in memory: a window that follows the end, or moves with the reader.

import { useRef, useState } from "../../vendor/papo-vendor.js";
import { earlier, later, shownRange, startAt } from "./shown.js";

const same = (a, b) => a.length === b.length && a.every((row, i) => row === b[i]);

/**
 * @param rows   all of them
 * @param atEnd  whether the window follows the end
 * @returns `shown`, the same array as long as nothing in it changes; `above`, `below`: how many more are in memory; `moveUp()`,
 *   `moveDown()`
 */
export function useShownRows(rows, atEnd) {
  const [, redraw] = useState(0);
  const kept = useRef({ start: null, shown: [] }).current;
  const { from, to } = shownRange(rows, kept.start, atEnd);
  const move = (next) => {
    kept.start = startAt(rows, next);
    redraw((count) => count + 1);
  };
  kept.start = startAt(rows, from);
  const shown = rows.slice(from, to);
  if (!same(shown, kept.shown)) kept.shown = shown;
  return {
    shown: kept.shown,
    above: from,
    below: rows.length - to,
    moveUp: () => move(earlier(from)),
    moveDown: () => move(later(from, rows.length)),
  };
}
