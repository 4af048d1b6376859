// The log of one room as plain data: durable messages by `seq`, and where more can be found. Pure functions.

/** Own limit of the page: while one reads at the bottom, older messages than these are let go and fetched again when needed. */
export const KEPT_AT_BOTTOM = 200;
const SLACK = 100;

/** `more`: the server has older messages than the first one here. */
export function emptyLog() {
  return { epoch: null, events: [], more: false };
}

export function lastSeq(log) {
  return log.events.at(-1)?.seq ?? 0;
}

/** The last `seq` up to which nothing is missing: from there on a resume is asked for. */
export function contiguousSeq(log) {
  const { events } = log;
  for (let i = 1; i < events.length; i += 1) {
    if (events[i].seq !== events[i - 1].seq + 1) return events[i - 1].seq;
  }
  return lastSeq(log);
}

/** Adds messages, in any order, known ones included. The same log if there is nothing new. */
export function addEvents(log, events) {
  const last = lastSeq(log);
  const inOrder = events.every((event, i) => event.seq > (i === 0 ? last : events[i - 1].seq));
  if (inOrder) return events.length === 0 ? log : { ...log, events: log.events.concat(events) };
  const known = new Set(log.events.map((event) => event.seq));
  const fresh = events.filter((event) => !known.has(event.seq) && known.add(event.seq));
  if (fresh.length === 0) return log;
  return { ...log, events: log.events.concat(fresh).sort((a, b) => a.seq - b.seq) };
}

/** A page of older messages. */
export function addOlder(log, events, more) {
  return { ...addEvents(log, events), more };
}

/** The answer to a join. */
export function joined(log, ok) {
  const events = ok.events.filter(isMessage);
  if (ok.mode === "resumed") return { ...addEvents(log, events), epoch: ok.epoch };
  return { ...addEvents(emptyLog(), events), epoch: ok.epoch, more: ok.more };
}

/** Lets old messages go, so that a busy room does not grow for ever. */
export function trim(log) {
  if (log.events.length <= KEPT_AT_BOTTOM + SLACK) return log;
  return { ...log, events: log.events.slice(-KEPT_AT_BOTTOM), more: true };
}

/** Behaviours to come may add other durable events; this page shows messages. */
export function isMessage(event) {
  return event.type === "message" || event.type === undefined;
}
