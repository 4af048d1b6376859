// One client of even and odd numbers: a socket of its own, its value, its step, and what it says and hears.

import { batch, signal } from "../../vendor/papo-vendor.js";
import { FIRST_STEP, STEP_MS, askDelayMs, kindOf, roomToJoin, said, sum, withRow } from "../lib/numbers.js";
import { api } from "../net/api.js";
import { createLink } from "../net/link.js";

/** After a refused join it is tried again. */
const JOIN_AGAIN_MS = 2000;

/** The ids of the rooms where this user is, in whatever tab. */
async function roomsHere() {
  const answer = await api("GET", "/user_rooms").catch(() => ({ rooms: [] }));
  return answer.rooms.map(({ id }) => id);
}

/**
 * Client `client` of the user: `{client, value, step, kind, state, rows}` as signals, and what can be done with it. `state` is
 * "connecting", "counting", "paused", "offline", or why it ended.
 */
export function createCounter(client) {
  const value = signal(null);
  const step = signal(FIRST_STEP);
  const kind = signal(null);
  const state = signal("connecting");
  const rows = signal([]);
  let kept = 0;
  let serial = 0;
  let putting = false;
  let paused = false;
  let stepTimer = 0;
  let askTimer = 0;
  let joinTimer = 0;

  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const link = createLink(`${scheme}://${location.host}/ws`, {
    onBatch: batch,
    onEvent(event) {
      // Another tab of this user went elsewhere, and so does this one.
      if (event.type === "moved") join(event.to);
    },
    async onUp() {
      state.value = "connecting";
      join(roomToJoin(await roomsHere(), document.cookie));
    },
    onDown() {
      halt();
      state.value = "offline";
    },
    onEnd(reason) {
      halt();
      state.value = reason;
    },
    stillSignedIn: () => api("GET", "/api/me").then(() => true, ({ status }) => status !== 401),
  });

  function note(dir, object) {
    serial += 1;
    rows.value = withRow(rows.value, { key: serial, at: new Date(), dir, text: said(object), bad: object.type === "error" });
  }

  /** Gives a command; it and its answer are shown. */
  function exchange(command, onOk, onError) {
    const sent = client === 1 || command.type === "number.even" || command.type === "number.odd" ? command : { ...command, client };
    note("out", command);
    const hears = (then) => (answer) => {
      note("in", answer);
      then?.(answer);
    };
    link.ask(sent, hears(onOk), hears(onError));
  }

  function join(room) {
    halt();
    const failed = () => {
      clearTimeout(joinTimer);
      joinTimer = setTimeout(async () => join(roomToJoin(await roomsHere(), document.cookie)), JOIN_AGAIN_MS);
    };
    link.ask({ type: "join", room, limit: 1 }, begin, ({ code }) => code !== "disconnected" && failed());
  }

  function begin() {
    exchange({ type: "number.start" }, (ok) => {
      kept = ok.value;
      value.value = kept;
      putting = false;
      if (paused) state.value = "paused";
      else count();
    }, lost);
  }

  function count() {
    halt();
    state.value = "counting";
    stepTimer = setInterval(add, STEP_MS);
    askTimer = setTimeout(askForStep, askDelayMs());
  }

  /** One step at a time: what was not answered yet is not counted on from. */
  function add() {
    if (putting) return;
    putting = true;
    const next = sum(kept, step.value);
    value.value = next;
    exchange({ type: "number.put", value: next }, (ok) => {
      putting = false;
      kept = ok.value;
    }, (error) => {
      putting = false;
      value.value = kept;
      lost(error);
    });
  }

  function askForStep() {
    const asked = kindOf();
    exchange({ type: `number.${asked}` }, (ok) => {
      step.value = ok.value;
      kind.value = asked;
    }, lost);
    askTimer = setTimeout(askForStep, askDelayMs());
  }

  /** Out of the room without having been told where to. */
  async function lost({ code }) {
    if (code === "not_in_room" || code === "stale_seat" || code === "gone") join(roomToJoin(await roomsHere(), document.cookie));
  }

  function halt() {
    clearInterval(stepTimer);
    clearTimeout(askTimer);
    clearTimeout(joinTimer);
    putting = false;
  }

  function pause() {
    paused = true;
    halt();
    if (state.value === "counting") state.value = "paused";
  }

  function resume() {
    paused = false;
    if (state.value === "paused") begin();
  }

  function restart() {
    state.value = "connecting";
    link.restart();
  }

  function stop() {
    halt();
    link.stop();
  }

  link.connect();
  return { client, value, step, kind, state, rows, pause, resume, restart, stop };
}
