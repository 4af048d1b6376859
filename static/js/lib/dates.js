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

/** "18:03" */
export function timeText(ms, lang) {
  return format(lang, { hour: "2-digit", minute: "2-digit" }).format(ms);
}

/** "quinta-feira, 12 de março de 2026 às 18:03": for `title`. */
export function fullText(ms, lang) {
  return format(lang, { dateStyle: "full", timeStyle: "short" }).format(ms);
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
