// How much comes with the first load of the chat: the very bytes of the server, and nothing from anywhere else. Rule 44.

import assert from "node:assert/strict";
import { get } from "node:http";
import test from "node:test";
import { joined } from "../support/people.mjs";
import { useStage } from "../support/stage.mjs";

const papo = useStage();

/** Most bytes of the bodies of the first load, gzipped: the page, its styles, modules, texts and drawings. */
const FIRST_LOAD_BYTES = 60_000;

/** The bytes of a body as they are on the wire, and their coding. */
function wire(url, headers) {
  return new Promise((resolve, reject) => {
    get(url, { headers }, (answer) => {
      let bytes = 0;
      answer.on("data", (part) => { bytes += part.length; });
      answer.on("end", () => resolve({ bytes, status: answer.statusCode, coding: answer.headers["content-encoding"] }));
    }).on("error", reject);
  });
}

test("44 the first load of the chat has at most 60 kB gzipped, and asks no other origin for anything", async (context) => {
  const { context: ana } = await papo.newcomer("Ana Souza");
  const page = await ana.newPage();
  const session = await ana.newCDPSession(page);
  await session.send("Network.enable");
  const requests = new Map();
  session.on("Network.requestWillBeSent", ({ requestId, request }) => requests.set(requestId, { url: request.url, bytes: 0 }));
  session.on("Network.dataReceived", ({ requestId, encodedDataLength }) => { requests.get(requestId).bytes += encodedDataLength; });
  await page.goto(`${papo.url}/rooms/sala-3`);
  await joined(page);
  await page.waitForLoadState("networkidle");

  const urls = [...new Set([...requests.values()].map(({ url }) => url))];
  assert.deepEqual(urls.filter((url) => new URL(url).origin !== papo.url), []);
  const inBrotli = [...requests.values()].reduce((sum, { bytes }) => sum + bytes, 0);

  const cookie = (await ana.cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  const answers = await Promise.all(urls.map((url) => wire(url, { cookie, "accept-encoding": "gzip" })));
  for (const [i, { status, coding }] of answers.entries()) assert.deepEqual([status, coding], [200, "gzip"], urls[i]);
  const inGzip = answers.reduce((sum, { bytes }) => sum + bytes, 0);

  context.diagnostic(`${urls.length} requests: ${inGzip} bytes with gzip, ${inBrotli} with what this browser takes`);
  assert.ok(inGzip <= FIRST_LOAD_BYTES, `${inGzip} bytes`);
  assert.ok(inBrotli < inGzip, `${inBrotli} bytes`);
});
