// From the log of a room to the rows on the screen: day dividers, groups by author, system lines, what is still to be sent.

import { dayKey } from "./dates.js";

/** Messages of one author that are at most this far apart form one group. */
export const GROUP_MS = 5 * 60_000;

/** The key of a message's row. An own message keeps it from the moment it is written. */
export function rowKey(event, me) {
  return event.client_id && event.from.username === me ? `c:${event.client_id}` : `s:${event.seq}`;
}

/**
 * The rows, top to bottom.
 * @param events  messages, by `seq`
 * @param lines   system lines `{id, after, at, …}`: each stands after the message with `seq` = `after`
 * @param waiting own messages that are not confirmed yet, oldest first
 * @param unread  `{seq, count}`: the first message that was not seen, or null
 */
export function buildRows({ events, lines, waiting, unread, me }) {
  const rows = [];
  let day = "";
  let last = null;
  let line = 0;
  const firstSeq = events[0]?.seq ?? 0;
  while (line < lines.length && lines[line].after < firstSeq - 1) line += 1;

  const divide = (at) => {
    const today = dayKey(at);
    if (today === day) return;
    day = today;
    last = null;
    rows.push({ kind: "day", key: `d:${today}`, at });
  };
  const linesBefore = (seq) => {
    for (; line < lines.length && lines[line].after < seq; line += 1) {
      divide(lines[line].at);
      rows.push({ kind: "line", key: `l:${lines[line].id}`, line: lines[line] });
      last = null;
    }
  };
  const message = (event, at, key, state) => {
    divide(at);
    const author = event.from.username;
    const first = !last || last.author !== author || at - last.at > GROUP_MS;
    rows.push({ kind: "message", key, event, own: author === me, first, state });
    last = { author, at };
  };

  for (const event of events) {
    linesBefore(event.seq);
    if (unread && unread.seq === event.seq) {
      divide(event.sent_at);
      rows.push({ kind: "new", key: "new", count: unread.count });
      last = null;
    }
    message(event, event.sent_at, rowKey(event, me), "sent");
  }
  linesBefore(Infinity);
  for (const item of waiting) message(item, item.at, `c:${item.client_id}`, item.state);
  return rows;
}
