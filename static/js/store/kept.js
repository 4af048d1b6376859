// What this browser keeps for one user, and for nobody else: entries by kind and name. All of it goes when they sign out, in every tab.

import { me } from "./state.js";

/** Tells the other tabs that this user has signed out. */
const gone = typeof BroadcastChannel === "function" && globalThis.document ? new BroadcastChannel("papo") : null;
const KINDS = ["draft", "unsent", "bell"];

let keeping = true;

/** A guest's name may be another person's later: the time they came in tells them apart. */
const owner = () => (me.value.guest ? `${me.value.username}@${me.value.since}` : me.value.username);
const prefix = (kind) => `papo:${kind}:${owner()}:`;

function entries(kind) {
  const start = prefix(kind);
  const found = [];
  for (let i = 0; i < localStorage.length; i += 1) {
    const key = localStorage.key(i);
    if (key.startsWith(start)) found.push([key.slice(start.length), localStorage.getItem(key)]);
  }
  return found;
}

/** Runs `work`; a browser without storage, or without room in it, keeps things for as long as the page is open. */
function tryTo(work, otherwise) {
  try {
    return work();
  } catch {
    return otherwise;
  }
}

/** All entries of `kind`, as `[name, text]`. */
export const allKept = (kind) => tryTo(() => entries(kind), []);

export const isKept = (kind, name) => tryTo(() => localStorage.getItem(prefix(kind) + name) !== null, false);

export function keep(kind, name, text) {
  if (keeping) tryTo(() => localStorage.setItem(prefix(kind) + name, text));
}

export function drop(kind, name) {
  if (keeping) tryTo(() => localStorage.removeItem(prefix(kind) + name));
}

/** `handler(name)` when another tab has dropped an entry of `kind`. */
export function onDropped(kind, handler) {
  addEventListener("storage", ({ key, newValue }) => {
    if (newValue === null && key?.startsWith(prefix(kind))) handler(key.slice(prefix(kind).length));
  });
}

/** The session is over: what is kept stays as it is. */
export function stopKeeping() {
  keeping = false;
}

function forget() {
  keeping = false;
  for (const kind of KINDS) {
    for (const [name] of allKept(kind)) tryTo(() => localStorage.removeItem(prefix(kind) + name));
  }
}

/** This user has signed out: nothing stays in this browser. */
export function forgetKept() {
  forget();
  gone?.postMessage(owner());
}

gone?.addEventListener("message", ({ data }) => {
  if (data === owner()) forget();
});
