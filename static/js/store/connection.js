// The one line of this page to the server, and what its ups and downs mean for the screen.

import { batch } from "../../vendor/papo-vendor.js";
import { formerly } from "../lib/people.js";
import { createLink } from "../net/link.js";
import { line, limits, me, offlineShown, restarting, rooms, typing } from "./state.js";

/** A lost connection is told after this long. */
const BANNER_MS = 2000;
/** A restart that was announced is given longer before a word is said. */
const RESTART_BANNER_MS = 5000;

let link = null;
let bannerTimer = 0;
let announced = false;

/** @param on `hello()`, `event(event)`, `signedOut()` */
export function openConnection(on) {
  const url = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws`;
  link = createLink(url, {
    onBatch: batch,
    onEvent: (event) => on.event(formerly(event, me.value)),
    onUp(hello) {
      clearTimeout(bannerTimer);
      bannerTimer = 0;
      announced = false;
      // Somebody else has signed in in this browser meanwhile: nothing of this page is theirs.
      if (hello.user.username !== me.value.username) return location.reload();
      me.value = { ...me.value, ...hello.user };
      rooms.value = hello.rooms;
      limits.value = { ...limits.value, ...hello.limits };
      line.value = "up";
      offlineShown.value = false;
      restarting.value = false;
      on.hello();
    },
    onDown({ restart }) {
      announced ||= restart;
      line.value = "down";
      typing.value = [];
      bannerTimer ||= setTimeout(showBanner, announced ? RESTART_BANNER_MS : BANNER_MS);
    },
    onEnd(reason) {
      clearTimeout(bannerTimer);
      offlineShown.value = false;
      typing.value = [];
      if (reason === "signed-out") on.signedOut();
      else line.value = reason;
    },
    stillSignedIn: () => import("../net/api.js").then(({ api }) => api("GET", "/api/me")).then(() => true, ({ status }) => status !== 401),
  });
  bannerTimer = setTimeout(showBanner, BANNER_MS);
  link.connect();
}

function showBanner() {
  restarting.value = announced;
  offlineShown.value = true;
}

/** The server is about to go: what follows is a restart, not a bad network. */
export function expectRestart() {
  announced = true;
}

/** Gives a command; a page of messages in the answer is as a live message would be. */
export function ask(command, onOk, onError) {
  link.ask(command, (ok) => onOk(ok.events ? { ...ok, events: ok.events.map((event) => formerly(event, me.value)) } : ok), onError);
}
export const tell = (command) => link.tell(command);
export const retryNow = () => link.connect();
export const closeConnection = () => link?.stop();

export function startAgain() {
  line.value = "connecting";
  link.restart();
}
