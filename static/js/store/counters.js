// The clients of even and odd numbers on this page; the address remembers how many, so that a reload goes on with all of them.

import { signal } from "../../vendor/papo-vendor.js";
import { CLIENTS_MAX, clientsOf, searchOf } from "../lib/numbers.js";
import { createCounter } from "./counter.js";

export const counters = signal([]);

function keep(next) {
  counters.value = next;
  history.replaceState(null, "", location.pathname + searchOf(next.length));
}

/** Begins with as many as the address says. */
export function startCounters() {
  counters.value = Array.from({ length: clientsOf(location.search) }, (_, index) => createCounter(index + 1));
}

export function addCounter() {
  const count = counters.value.length;
  if (count < CLIENTS_MAX) keep([...counters.value, createCounter(count + 1)]);
}

/** Removes the last one; its number stays where it is. */
export function removeCounter() {
  const next = [...counters.value];
  next.pop()?.stop();
  keep(next);
}
