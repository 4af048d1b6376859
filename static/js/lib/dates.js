// Days and times in the reader's language and time zone.

const formats = new Map();

function format(lang, options) {
  const key = lang + JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(lang, options));
  return formats.get(key);
}

/** The local day of a moment, as `2026-03-12`: equal for two moments of one day. */
export function dayKey(ms) {
  const date = new Date(ms);
  const two = (n) => String(n).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** The local day of a moment: from its first millisecond up to the first of the next day. */
export function dayRange(ms) {
  const from = new Date(ms).setHours(0, 0, 0, 0);
  const next = new Date(from);
  next.setDate(next.getDate() + 1);
  return { from, to: next.setHours(0, 0, 0, 0) };
}

const MINUTE_MS = 60_000;
const TIME = { timeStyle: "short" };
const FULL = { dateStyle: "full", timeStyle: "short" };
/** Texts of minutes by language: many messages are of the same one. */
const MINUTES_MOST = 1000;
const minutes = new Map();

/** What is said of the minute of `ms`: `{time: "18:03", full: "quinta-feira, 12 de março de 2026 às 18:03"}`. */
export function momentText(ms, lang) {
  const key = lang + Math.floor(ms / MINUTE_MS);
  let texts = minutes.get(key);
  if (!texts) {
    texts = { time: format(lang, TIME).format(ms), full: format(lang, FULL).format(ms) };
    if (minutes.size >= MINUTES_MOST) minutes.clear();
    minutes.set(key, texts);
  }
  return texts;
}

/** What a day divider says: `{key}` for today and yesterday, otherwise `{text}`. */
export function dayLabel(ms, now, lang) {
  const day = dayKey(ms);
  if (day === dayKey(now)) return { key: "day-today" };
  const yesterday = new Date(now);
  yesterday.setDate(yesterday.getDate() - 1);
  if (day === dayKey(yesterday.getTime())) return { key: "day-yesterday" };
  const sameYear = new Date(ms).getFullYear() === new Date(now).getFullYear();
  const options = { day: "numeric", month: "long", ...(sameYear ? {} : { year: "numeric" }) };
  return { text: format(lang, options).format(ms) };
}
