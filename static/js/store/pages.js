// Pages of the log: older and newer ones as the reader comes near them, the newest at a jump to the end.

import { ask } from "./connection.js";
import { addNewer, addOlder, atNewest, isMessage, joined, newest, trim } from "./log.js";
import { reconcile } from "./queue.js";
import { filling, log, me, newer, older, phase, queue, toEnd } from "./state.js";

const PAGE = 50;
/** What was missed while the line was down is fetched in larger pages. */
const FILL_PAGE = 200;

/** Counts the joins: an answer to what was asked before the last one is of no use. */
let stay = 0;

/** A join was answered: no page is on its way any more. */
export function forgetPages() {
  stay += 1;
  older.value = "idle";
  newer.value = "idle";
  filling.value = false;
}

/** `state` is the signal that says how it goes; a page that is on its way is not asked for twice. */
function fetchPage(state, query, take) {
  if (state.peek() === "loading" || phase.peek() !== "joined") return;
  const mine = stay;
  state.value = "loading";
  ask(
    { type: "history", ...query },
    (ok) => {
      if (mine !== stay) return;
      state.value = "idle";
      queue.value = reconcile(queue.value, ok.events.filter(isMessage), me.value.username);
      take(ok);
    },
    () => {
      if (mine !== stay) return;
      state.value = "failed";
      filling.value = false;
    },
  );
}

/** A page with nothing to show changes nothing on the screen that would ask for the next one: it is asked for here. */
function goOn(next, page, load) {
  log.value = next;
  if (page.length > 0 && (next.events.length < 2 || !page.some(isMessage))) load();
}

export function loadOlder() {
  const { start, more } = log.peek();
  if (more) fetchPage(older, { before: start, limit: PAGE }, (ok) => goOn(addOlder(log.value, ok.events, ok.more), ok.events, loadOlder));
}

export function loadNewer() {
  const { end, tail } = log.peek();
  if (tail) fetchPage(newer, { after: end, limit: PAGE }, (ok) => goOn(addNewer(log.value, ok.events, ok.more), ok.events, loadNewer));
}

/** What the log begins with may have nothing to show: its first message only tells how the second begins. */
export function loadSome() {
  if (log.peek().events.length < 2) loadOlder();
}

/** For a reader at the end: all that is missing, page by page. */
export function fill() {
  filling.value = Boolean(log.peek().tail);
  if (!filling.value) return;
  fetchPage(newer, { after: log.peek().end, limit: FILL_PAGE }, (ok) => {
    log.value = addNewer(log.value, ok.events, ok.more);
    fill();
  });
}

/** Shows the end of the conversation, wherever one was reading. */
export function toNewest() {
  const near = atNewest(log.peek());
  if (near) {
    log.value = trim(near);
    toEnd.value += 1;
    return;
  }
  fetchPage(newer, { limit: PAGE }, (ok) => {
    const head = Math.max(newest(log.value), ok.events.at(-1)?.seq ?? 0);
    log.value = joined(log.value, { ...ok, mode: "snapshot", epoch: log.value.epoch, head_seq: head });
    toEnd.value += 1;
    loadSome();
  });
}
