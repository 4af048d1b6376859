// A server and a browser for the tests of one file, and people who come and go within one test.

import assert from "node:assert/strict";
import { after, afterEach, before } from "node:test";
import { launch, person } from "./browser.mjs";
import { enter, freshName, register } from "./people.mjs";
import { startServer } from "./server.mjs";

/** Call once at the top of a test file. */
export function useStage(options) {
  const stage = { server: null, browser: null };
  let open = [];

  before(async () => {
    stage.server = await startServer(options);
    stage.browser = await launch();
  });

  // Rule 44 holds for every page of every test.
  afterEach(async () => {
    const faults = open.flatMap((one) => one.faults);
    await Promise.all(open.map(({ context }) => context.close()));
    open = [];
    assert.deepEqual(faults, [], "44 no console error and no CSP violation");
  });

  after(async () => {
    await stage.browser?.close();
    await stage.server?.stop();
  });

  const someone = async (contextOptions) => {
    const one = await person(stage.browser, contextOptions);
    open.push(one);
    return one.context;
  };

  return {
    get url() { return stage.server.url; },
    get server() { return stage.server; },
    /** A browser in which nobody is signed in. */
    visitor: someone,
    /** Someone who is registered and signed in: `{context, user}`. */
    async newcomer(name, contextOptions) {
      const context = await someone(contextOptions);
      const user = await register(context, stage.server.url, { name, username: freshName(name.split(" ")[0].normalize("NFD").replace(/[^A-Za-z]/g, "")) });
      return { context, user };
    },
    /** Someone who is in `room`: `{context, user, page}`. */
    async guest(name, room, contextOptions) {
      const { context, user } = await this.newcomer(name, contextOptions);
      return { context, user, page: await enter(context, stage.server.url, room) };
    },
  };
}

let roomSerial = 0;

/** The name of a room that no other test uses. */
export function freshRoom() {
  roomSerial += 1;
  return `teste-${process.pid}-${roomSerial}`;
}
