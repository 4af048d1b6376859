// The rules of the client of even and odd numbers: when to count, when to ask, and what is shown of it.

/** How often the step is added. */
export const STEP_MS = 500;
/** Between two questions for another step, at least and at most. */
const ASK_LEAST_MS = 3000;
const ASK_MOST_MS = 5000;
/** Most rows of the exchange that are shown. */
export const ROWS_MAX = 60;
/** Most clients on one page: a user may have ten sockets, and other tabs need some. */
export const CLIENTS_MAX = 4;
/** The step before anything was asked. */
export const FIRST_STEP = 1;
const VALUES = 100;
/** Where one is who is nowhere else. */
const OWN_ROOM = "numeros";

/** `value` and `step` together, from 0 to 99. */
export function sum(value, step) {
  return (((value + step) % VALUES) + VALUES) % VALUES;
}

/** Milliseconds until the next question; `random` is in [0, 1). */
export function askDelayMs(random = Math.random()) {
  return ASK_LEAST_MS + random * (ASK_MOST_MS - ASK_LEAST_MS);
}

/** For which kind of number to ask. */
export function kindOf(random = Math.random()) {
  return random < 0.5 ? "even" : "odd";
}

/** `rows` with `row` before them; the oldest go. */
export function withRow(rows, row) {
  return [row, ...rows.slice(0, ROWS_MAX - 1)];
}

/** What is shown of a command, or of its answer. */
export function said(object) {
  if (object.type === "error") return `error ${object.code}`;
  return object.value === undefined ? object.type : `${object.type} ${object.value}`;
}

/** How many clients the address asks for: `?clients=3`. */
export function clientsOf(search) {
  const asked = Number.parseInt(new URLSearchParams(search).get("clients") ?? "1", 10);
  return Math.min(CLIENTS_MAX, Math.max(1, Number.isNaN(asked) ? 1 : asked));
}

/** The address for so many clients. */
export function searchOf(count) {
  return count > 1 ? `?clients=${count}` : "";
}

/**
 * The room to join: a user is in one room, and the chat in another tab is not to be thrown out of it. So it is the one where the user
 * is (`here`, ids), or was last in this browser (`cookies`), or one of its own.
 */
export function roomToJoin(here, cookies) {
  if (here.length > 0) return here[0];
  const last = /(?:^|; )papo_room=([^;]+)/.exec(cookies)?.[1];
  try {
    return last ? decodeURIComponent(last) : OWN_ROOM;
  } catch {
    return OWN_ROOM;
  }
}

/** `10:09:10.123` */
export function clockOf(date) {
  const two = (number) => String(number).padStart(2, "0");
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}
