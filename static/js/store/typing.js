// Tells the room that one is typing. The pace is plain rules: time comes in, a decision goes out.

import { tell } from "./connection.js";
import { phase } from "./state.js";

/** While writing, at most one `typing` in this time. */
export const REPEAT_MS = 3000;
/** Silence for this long means no longer typing. */
export const IDLE_MS = 3000;

export const STILL = { active: false, toldAt: 0, wroteAt: 0 };

/** Something was written at `now`: `{state, tell}`; `tell` is true, or null for nothing to say. */
export function wrote(state, now) {
  const tell = !state.active || now - state.toldAt >= REPEAT_MS;
  return { state: { active: true, toldAt: tell ? now : state.toldAt, wroteAt: now }, tell: tell ? true : null };
}

/** Time has passed: `tell` is false once it has been quiet long enough. */
export function waited(state, now) {
  if (!state.active || now - state.wroteAt < IDLE_MS) return { state, tell: null };
  return { state: STILL, tell: false };
}

/** Focus lost, text emptied, room left. */
export function stopped(state) {
  return { state: STILL, tell: state.active ? false : null };
}

let state = STILL;
let timer = 0;

function settle(next) {
  state = next.state;
  if (next.tell !== null && phase.value === "joined") tell({ type: "typing", active: next.tell });
  clearTimeout(timer);
  if (state.active) timer = setTimeout(() => settle(waited(state, Date.now())), IDLE_MS - (Date.now() - state.wroteAt));
}

export const noteTyping = () => settle(wrote(state, Date.now()));
export const stopTyping = () => settle(stopped(state));

/** A message was sent: the server ends the typing by itself. */
export function typingSent() {
  clearTimeout(timer);
  state = STILL;
}
