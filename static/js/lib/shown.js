// Which rows of those in memory are on the page: never more than `ROWS_MOST`, moved in steps. Pure functions.

/** Most rows on the page at once, most of them while one follows the end, and how many come or go at a time. */
export const ROWS_MOST = 200;
export const AT_END_MOST = 120;
export const STEP = 50;

/** Where the rows on the page begin: the first one's key, and its `seq` should that row be gone. */
export const startAt = (rows, from) => (rows[from] ? { key: rows[from].key, seq: rows[from].seq } : null);

/**
 * `{from, to}` of the rows on the page.
 * @param start  where they began the last time, or null
 * @param atEnd  one reads at the end: the last row is among them, and old ones go `STEP` at a time, not with every new one
 */
export function shownRange(rows, start, atEnd) {
  const all = rows.length;
  const same = start ? rows.findIndex(({ key }) => key === start.key) : -1;
  if (!atEnd) {
    const from = same >= 0 ? same : Math.max(0, rows.findIndex(({ seq }) => start && seq >= start.seq));
    return { from, to: Math.min(all, from + ROWS_MOST) };
  }
  if (same >= 0 && all - same <= AT_END_MOST) return { from: same, to: all };
  const near = same >= 0 && all - same <= AT_END_MOST + STEP;
  return { from: Math.max(0, all - (near ? AT_END_MOST - STEP : STEP)), to: all };
}

/** Where the rows on the page begin after a step towards older ones. */
export const earlier = (from) => Math.max(0, from - STEP);

/** Where they begin after a step towards newer ones. */
export const later = (from, all) => Math.max(from, Math.min(from + STEP, all - ROWS_MOST));
