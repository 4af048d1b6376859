// The rules of the wire (see docs/PROTOCOL.md): the lines of a frame, what each close means, how long to wait before coming back.

const FOR_GOOD = { 4500: "outdated", 4501: "signed-out", 4502: "kicked", 4503: "too-many-tabs" };
const RESTART = new Set([1012, 4003]);
/** Before the first try to come back, and the longest between two. */
const FIRST_MS = 500;
const LONGEST_MS = 30_000;

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
