// Own messages on their way: waiting, or failed. Pure functions over a list, oldest first.
// An item is `{client_id, room, text, images, files, at, state: "pending" | "failed", why}`.

export function add(queue, item) {
  return [...queue, { ...item, state: "pending", why: null }];
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
