// Own messages on their way: waiting, or failed. Pure functions over a list, oldest first.
// An item is `{client_id, room, text, images, files, at, state: "pending" | "failed", why}`.

/** Most messages of one user that wait or have failed. */
export const QUEUE_MOST = 100;
/** A message that waited longer than this, while the page was closed, goes out only when its author says so. */
const STALE_MS = 24 * 3_600_000;

export const isFull = (queue) => queue.length >= QUEUE_MOST;

export function add(queue, item) {
  // No two of one moment: what is kept is put in order by time.
  const at = Math.max(item.at, (queue.at(-1)?.at ?? 0) + 1);
  return [...queue, { ...item, at, state: "pending", why: null }];
}

export function remove(queue, clientId) {
  return queue.filter((item) => item.client_id !== clientId);
}

export function fail(queue, clientId, why) {
  return queue.map((item) => (item.client_id === clientId ? { ...item, state: "failed", why } : item));
}

/** Again from the end of the queue, as the same message: it keeps its `client_id`. */
export function retry(queue, clientId, at) {
  const item = queue.find((other) => other.client_id === clientId);
  return item ? [...remove(queue, clientId), { ...item, at, state: "pending", why: null }] : queue;
}

/** The next to go out to `room`, or undefined. */
export function next(queue, room) {
  return queue.find((item) => item.room === room && item.state === "pending");
}

/** Without those that the log shows to have arrived: their `ok` was lost. */
export function reconcile(queue, events, me) {
  const arrived = new Set(events.filter((event) => event.from.username === me && event.client_id).map((event) => event.client_id));
  return arrived.size > 0 && queue.some((item) => arrived.has(item.client_id))
    ? queue.filter((item) => !arrived.has(item.client_id))
    : queue;
}

/** What the log will show once `ok` has come. */
export function asEvent(item, ok, from) {
  const { client_id, room, text, images, files } = item;
  return { type: "message", room, seq: ok.seq, client_id, from, text, images, files, sent_at: ok.sent_at };
}

/** The command on the wire. */
export function asCommand(item) {
  const urls = (list) => list.map((upload) => upload.url);
  return { type: "send", client_id: item.client_id, text: item.text, images: urls(item.images), files: urls(item.files) };
}

/** An item as text, to be kept. */
export const toKept = ({ client_id, from, ...item }) => JSON.stringify(item);

/** The queue out of what was kept, `[client_id, text]` each, oldest first. What cannot be read is left out. */
export function fromKept(entries, me, now) {
  return entries
    .flatMap(([client_id, text]) => {
      const item = parsed(text);
      if (!item) return [];
      const stale = item.state === "pending" && now - item.at > STALE_MS;
      return [{ ...item, ...(stale ? { state: "failed", why: "why-stale" } : {}), client_id, from: me }];
    })
    .sort((a, b) => a.at - b.at)
    .slice(0, QUEUE_MOST);
}

function parsed(text) {
  try {
    const item = JSON.parse(text);
    const whole = typeof item.room === "string" && typeof item.text === "string" && Array.isArray(item.images) && Array.isArray(item.files)
      && Number.isFinite(item.at) && (item.state === "pending" || item.state === "failed");
    return whole ? item : null;
  } catch {
    return null;
  }
}
