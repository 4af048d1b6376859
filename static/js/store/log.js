// The log of one room as plain data: messages by `seq` around where one reads, the newest ones beside them, and where more can be
// found. Pure functions.

/** Most messages in memory around where one reads, and of the newest ones while one reads elsewhere: older pages push the others out. */
export const KEPT_MOST = 1000;
export const TAIL_MOST = 200;
/** While one reads at the end, messages older than these are let go, in steps of `SLACK`. */
export const KEPT_AT_END = 200;
const SLACK = 100;

/**
 * `events` has every message from `start` up to `end`, without a hole; `more`: the server has older ones. Where newer ones are missing
 * after `end`, `tail` has the newest, `{events, after, end}`: every message after `after` up to `tail.end`. Durable events that are no
 * messages count: `start`, `end` and `after` may be theirs.
 */
export function emptyLog() {
  return { epoch: null, events: [], start: 1, end: 0, more: false, tail: null };
}

/** The newest `seq` up to which all is known: from there on a resume is asked for. */
export const newest = (log) => log.tail?.end ?? log.end;

const lastOf = (events) => events.at(-1)?.seq ?? 0;
const cut = (events, most) => (events.length > most + SLACK ? events.slice(-most) : events);

/** Behaviours to come may add other durable events; this page shows messages. */
export const isMessage = (event) => event.type === "message" || event.type === undefined;

/** Adds a durable event as it happens; the same log if it is known. */
export function addLive(log, event) {
  const { seq } = event;
  if (seq <= newest(log)) return log;
  const fresh = isMessage(event) ? [event] : [];
  if (!log.tail) {
    if (seq === log.end + 1) return { ...log, events: log.events.concat(fresh), end: seq };
    return { ...log, tail: { events: fresh, after: seq - 1, end: seq } };
  }
  if (seq !== log.tail.end + 1) return { ...log, tail: { events: fresh, after: seq - 1, end: seq } };
  return { ...log, tail: shortened({ ...log.tail, events: log.tail.events.concat(fresh), end: seq }) };
}

function shortened(tail) {
  const events = cut(tail.events, TAIL_MOST);
  return events === tail.events ? tail : { ...tail, events, after: events[0].seq - 1 };
}

/** A page of older messages. When that is more than is kept, the newest ones leave `events`. */
export function addOlder(log, page, more) {
  const events = page.filter((event) => isMessage(event) && event.seq < log.start).concat(log.events);
  const start = page[0]?.seq ?? log.start;
  if (events.length <= KEPT_MOST) return { ...log, events, start, more };
  const kept = events.slice(0, KEPT_MOST);
  const newestOnes = events.slice(-TAIL_MOST);
  const tail = log.tail ?? { events: newestOnes, after: newestOnes[0].seq - 1, end: log.end };
  return { ...log, events: kept, start, end: lastOf(kept), more, tail };
}

/** A page of what follows `end`. When it reaches the newest ones, all is together again; older ones than are kept go. */
export function addNewer(log, page, more) {
  const fresh = page.filter((event) => isMessage(event) && event.seq > log.end);
  const end = Math.max(log.end, lastOf(page));
  const { tail } = log;
  if (tail && more && end < tail.after) return keptNewest({ ...log, events: log.events.concat(fresh), end });
  const rest = (tail?.events ?? []).filter((event) => event.seq > end);
  return keptNewest({ ...log, events: log.events.concat(fresh, rest), end: Math.max(end, newest(log)), tail: null });
}

const from = (log, events) => ({ ...log, events, start: events[0].seq, more: true });
const keptNewest = (log) => (log.events.length > KEPT_MOST ? from(log, log.events.slice(-KEPT_MOST)) : log);

/** The answer to a join: what was missed, or another log. Where more was missed than a page holds, live events begin after the head. */
export function joined(log, ok) {
  const messages = ok.events.filter(isMessage);
  if (ok.mode !== "resumed") return { epoch: ok.epoch, events: messages, start: ok.events[0]?.seq ?? ok.head_seq + 1, end: ok.head_seq, more: ok.more, tail: null };
  const known = newest(log);
  const fresh = messages.filter((event) => event.seq > known);
  if (!ok.more) {
    const { tail } = log;
    return tail
      ? { ...log, tail: shortened({ ...tail, events: tail.events.concat(fresh), end: ok.head_seq }) }
      : { ...log, events: log.events.concat(fresh), end: ok.head_seq };
  }
  const tail = { events: [], after: ok.head_seq, end: ok.head_seq };
  return log.tail ? { ...log, tail } : { ...log, events: log.events.concat(fresh), end: Math.max(log.end, lastOf(ok.events)), tail };
}

/** The newest ones alone, wherever one was reading; the same log if the end is there, null if they have to be fetched. */
export function atNewest(log) {
  const { tail } = log;
  if (!tail) return log;
  return tail.events.length > 0 ? { ...log, events: tail.events, start: tail.after + 1, end: tail.end, more: true, tail: null } : null;
}

/** Lets old messages go while one reads at the end, so that a busy room does not grow for ever. */
export function trim(log) {
  const events = cut(log.events, KEPT_AT_END);
  return log.tail || events === log.events ? log : from(log, events);
}
