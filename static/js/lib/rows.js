// From the log of a room to the rows on the screen: day dividers, groups by author, system lines, what is still to be sent.

import { dayRange } from "./dates.js";

/** Messages of one author that are at most this far apart form one group. */
export const GROUP_MS = 5 * 60_000;

/** The key of a message's row. An own message keeps it from the moment it is written. */
export function rowKey(event, me) {
  return event.client_id && event.from.username === me ? `c:${event.client_id}` : `s:${event.seq}`;
}

/**
 * The rows, top to bottom, each with its `key` and the `seq` where it stands.
 * @param events  messages, by `seq`
 * @param more    there are older ones: the first of `events` is not shown, it only tells how the second begins
 * @param lines   system lines `{id, after, at, …}`: each stands after the message with `seq` = `after`
 * @param waiting own messages that are not confirmed yet, oldest first
 * @param unread  `{seq, count}`: the first message that was not seen, or null
 * @param apart   newer messages are missing after these: what belongs at the end of the log is left out
 * @param known   the rows of the last time: those that are the same are the same objects again
 */
export function buildRows({ events, more = false, lines, waiting, unread, me, apart = false, known = [] }) {
  const old = new Map(known.map((row) => [row.key, row]));
  const rows = [];
  let day = { from: 0, to: 0 };
  let last = null;
  let line = 0;
  const firstSeq = events[0]?.seq ?? 0;
  while (line < lines.length && lines[line].after < firstSeq - (more ? 0 : 1)) line += 1;

  const add = (row) => rows.push(keep(old.get(row.key), row));
  const divide = (at, seq) => {
    // Days only go on: a clock of this machine that is behind begins none again.
    if (at < day.to) return;
    day = dayRange(at);
    last = null;
    add({ kind: "day", key: `d:${day.from}`, seq, at: day.from });
  };
  const linesBefore = (seq, latest) => {
    for (; line < lines.length && lines[line].after < seq; line += 1) {
      const { id, at, after } = lines[line];
      divide(Math.min(at, latest), after);
      add({ kind: "line", key: `l:${id}`, seq: after, line: lines[line] });
      last = null;
    }
  };
  const message = (event, seq, at, key, state) => {
    divide(at, seq);
    const author = event.from.username;
    const first = !last || last.author !== author || at - last.at > GROUP_MS;
    add({ kind: "message", key, seq, event, own: author === me, first, state });
    last = { author, at };
  };

  for (const event of events) {
    if (more && event === events[0]) {
      day = dayRange(event.sent_at);
      last = { author: event.from.username, at: event.sent_at };
      continue;
    }
    linesBefore(event.seq, event.sent_at);
    if (unread && unread.seq === event.seq) {
      divide(event.sent_at, event.seq);
      add({ kind: "new", key: "new", seq: event.seq, count: unread.count });
      last = null;
    }
    message(event, event.seq, event.sent_at, rowKey(event, me), "sent");
  }
  if (apart) return rows;
  linesBefore(Infinity, Infinity);
  for (const item of waiting) message(item, Infinity, item.at, `c:${item.client_id}`, item.state);
  return rows;
}

/** `old` if it says the same as `row`. */
function keep(old, row) {
  if (!old) return row;
  for (const name in row) if (row[name] !== old[name]) return row;
  return old;
}
