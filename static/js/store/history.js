// The history of this tab: a step for each room, and one for each layer that lies over it, so that Back closes the layer first.

/** How each open layer is closed, from bottom to top. */
const open = [];
/** What waits until a step back that is under way has been taken. */
const waiting = [];
/** A step that a browser never takes holds up nothing for longer, in ms. */
const STEP_MS = 1000;

let stepping = 0;
let onAddress = () => {};

function next() {
  while (!stepping && waiting.length > 0) waiting.shift()();
}

function soon(change) {
  waiting.push(change);
  next();
}

function settle() {
  clearTimeout(stepping);
  stepping = 0;
  next();
}

function stepBack(count) {
  stepping = setTimeout(settle, STEP_MS);
  history.go(-count);
}

/** Something lies over the room now; Back calls `close`. */
export function openLayer(close) {
  open.push(close);
  const layer = open.length;
  soon(() => history.pushState({ layer }, ""));
}

/** It was closed by other means than Back. Nothing happens if it was not open. */
export function leaveLayer(close) {
  const at = open.lastIndexOf(close);
  if (at < 0) return;
  open.splice(at, 1);
  soon(() => stepBack(1));
}

/** Goes on to another address of this site; what lies over the page is closed, and its steps are taken back before. */
export function pushAddress(path) {
  const layers = open.splice(0);
  for (const close of layers.reverse()) close();
  if (layers.length > 0) soon(() => stepBack(layers.length));
  soon(() => history.pushState(null, "", path));
}

/** Corrects the address one is at. */
export const replaceAddress = (path) => soon(() => history.replaceState(history.state, "", path));

/** `handler()` is called when Back or Forward has led to another address, perhaps the same one. */
export function onBack(handler) {
  onAddress = handler;
}

if (globalThis.window) {
  addEventListener("popstate", ({ state }) => {
    if (stepping) return settle();
    while (open.length > (state?.layer ?? 0)) open.pop()();
    onAddress();
  });
  // The page was loaded anew while something lay over it: that layer is gone, and so is its step.
  if (history.state?.layer) soon(() => stepBack(history.state.layer));
}
