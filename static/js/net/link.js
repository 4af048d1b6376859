// The line to the server: one WebSocket that comes back by itself, commands with their answers, events once per animation frame.

/** A page in the background gets no animation frames: its events are applied this often. */
const HIDDEN_MS = 100;
/** Until the server has said how often it pings. */
const PING_MS = 30_000;
/** A try to connect that has brought no hello in this time has failed. */
const HELLO_MS = 10_000;
/** The closes after which there is no coming back, and those of a server that is about to (docs/PROTOCOL.md). */
const FOR_GOOD = { 4500: "outdated", 4501: "signed-out", 4502: "kicked", 4503: "too-many-tabs" };
const RESTART = new Set([1012, 4003]);
/** Before the first try to come back, and the longest between two. */
const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/**
 * @param handlers `onBatch(run)` (around all events of a frame), `onEvent(event)`, `onUp(hello)`, `onDown({restart})`, `onEnd(reason)` and
 *   `stillSignedIn()` → promise of false when the session is over (asked after a refused handshake).
 */
export function createLink(url, handlers) {
  let socket = null;
  let up = false;
  let stopped = false;
  let failures = 0;
  let nextId = 1;
  let retryTimer = 0;
  let silenceTimer = 0;
  let silentAt = 0;
  let pingMs = PING_MS;
  let inbox = [];
  let scheduled = false;
  const waiting = new Map();

  function connect() {
    clearTimeout(retryTimer);
    if (stopped || socket) return;
    const mine = new WebSocket(url);
    let opened = false;
    socket = mine;
    watch(HELLO_MS);
    mine.onopen = () => { opened = true; };
    mine.onmessage = ({ data }) => {
      if (mine !== socket) return;
      watch(2 * pingMs);
      inbox.push(...parseFrame(data));
      schedule();
    };
    mine.onclose = ({ code }) => {
      if (mine !== socket) return;
      flush();
      lost(code, opened);
    };
  }

  /** A socket that says nothing for `ms` is given up: a dead network does not close it. The timer is not set anew with every frame. */
  function watch(ms) {
    silentAt = performance.now() + ms;
    silenceTimer ||= setTimeout(listen, ms);
  }

  function listen() {
    silenceTimer = 0;
    const rest = silentAt - performance.now();
    if (rest > 0) silenceTimer = setTimeout(listen, rest);
    else abandon();
  }

  function unwatch() {
    clearTimeout(silenceTimer);
    silenceTimer = 0;
  }

  function abandon() {
    if (!socket) return;
    const old = socket;
    flush();
    lost(4001, true);
    old.close();
  }

  function lost(code, opened) {
    unwatch();
    socket = null;
    const wasUp = up;
    up = false;
    for (const { onError } of [...waiting.values()]) onError?.({ code: "disconnected", retry: true });
    waiting.clear();
    if (stopped) return;
    const end = endOf(code);
    if (end) return finish(end);
    handlers.onDown({ restart: isRestart(code), wasUp });
    retryTimer = setTimeout(connect, backoffMs(failures));
    failures += 1;
    if (!opened) askWhy();
  }

  // A handshake refused with 401 looks like a dead network from here.
  async function askWhy() {
    if ((await handlers.stillSignedIn()) === false && !stopped) finish("signed-out");
  }

  function finish(reason) {
    stop();
    handlers.onEnd(reason);
  }

  function schedule() {
    if (scheduled) return;
    scheduled = true;
    if (document.hidden) setTimeout(flush, HIDDEN_MS);
    else requestAnimationFrame(flush);
  }

  function flush() {
    scheduled = false;
    const objects = inbox;
    inbox = [];
    if (objects.length > 0) handlers.onBatch(() => objects.forEach(take));
  }

  function take(object) {
    if (object.id !== undefined && (object.type === "ok" || object.type === "error")) return answer(object);
    if (object.type === "ping") return write({ type: "ping" });
    if (object.type === "hello") {
      up = true;
      failures = 0;
      pingMs = object.ping_ms || PING_MS;
      watch(2 * pingMs);
      return handlers.onUp(object);
    }
    handlers.onEvent(object);
  }

  function answer(object) {
    const call = waiting.get(object.id);
    waiting.delete(object.id);
    if (object.type === "ok") call?.onOk?.(object);
    else call?.onError?.(object);
  }

  function write(object) {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(object));
  }

  /** Sends a command; `onOk` or `onError` is called in the order of the wire, among the events. */
  function ask(command, onOk, onError) {
    if (!up) return onError?.({ code: "disconnected", retry: true });
    const id = nextId++;
    waiting.set(id, { onOk, onError });
    write({ ...command, id });
  }

  /** Sends a command nobody waits for. */
  function tell(command) {
    if (up) write(command);
  }

  function stop() {
    stopped = true;
    clearTimeout(retryTimer);
    unwatch();
    const old = socket;
    socket = null;
    up = false;
    waiting.clear();
    old?.close();
  }

  /** Starts again after an end for good that was lifted, such as too many tabs. */
  function restart() {
    stopped = false;
    failures = 0;
    connect();
  }

  addEventListener("online", connect);
  addEventListener("offline", abandon);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) connect();
    else if (scheduled) flush();
  });

  return { connect, restart, stop, ask, tell };
}

/** The objects of a text frame, one a line, in order. A line that is not an object is left out. */
export function parseFrame(text) {
  const objects = [];
  for (const line of text.split("\n")) {
    if (line.trim() === "") continue;
    try {
      const object = JSON.parse(line);
      if (object && typeof object === "object") objects.push(object);
    } catch {
      // Nothing can be answered to a line that cannot be read; the next one may be fine.
    }
  }
  return objects;
}

/** Why there is no coming back after this close code, or null if there is. */
export function endOf(code) {
  return FOR_GOOD[code] ?? null;
}

/** True if the server said that it is coming back. */
export function isRestart(code) {
  return RESTART.has(code);
}

/** Milliseconds to wait after `failures` failed tries (0 at first); `random` is in [0, 1). */
export function backoffMs(failures, random = Math.random()) {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures, 16));
  return Math.round(random * ceiling);
}
