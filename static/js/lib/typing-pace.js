// When to tell the server that one is typing, or is no longer. Plain rules: time comes in, a decision goes out.

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
