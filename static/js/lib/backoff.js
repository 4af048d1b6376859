// How long to wait before the next try to connect: doubling, capped, with full jitter.

const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/** Milliseconds to wait after `failures` failed tries (0 at first); `random` is in [0, 1). */
export function backoffMs(failures, random = Math.random()) {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures, 16));
  return Math.round(random * ceiling);
}
