// Tells the room that one is typing, at the pace of lib/typing-pace.js.

import { IDLE_MS, STILL, stopped, waited, wrote } from "../lib/typing-pace.js";
import { tell } from "./connection.js";
import { phase } from "./state.js";

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
