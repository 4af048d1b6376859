// Own messages that have not gone out survive a reload: each is kept by its `client_id` until it is confirmed or deleted.

import { effect } from "../../vendor/papo-vendor.js";
import { allKept, drop, keep, onDropped } from "./kept.js";
import { fromKept, remove, toKept } from "./queue.js";
import { me, queue } from "./state.js";

/** Fills the queue with what an earlier page left, then keeps it in step. */
export function loadUnsent() {
  queue.value = fromKept(allKept("unsent"), me.value, Date.now());
  let saved = new Map();
  effect(() => {
    const now = new Map(queue.value.map((item) => [item.client_id, item]));
    for (const [id, item] of now) if (saved.get(id) !== item) keep("unsent", id, toKept(item));
    for (const id of saved.keys()) if (!now.has(id)) drop("unsent", id);
    saved = now;
  });
  // Another tab has sent it, or deleted it.
  onDropped("unsent", (id) => { queue.value = remove(queue.value, id); });
}
