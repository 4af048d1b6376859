// Many people at once, without browsers: accounts over HTTP, one socket each, messages faster than by hand.

import { randomUUID } from "node:crypto";
import WebSocket from "ws";
import { PASSWORD, freshName } from "./people.mjs";

/** So many messages one member of a crowd says in a row, without waiting for their answers: as many as the server takes from a socket at once. */
const BLOCK = 64;
/** How often a steady stream looks at the clock. */
const TICK_MS = 4;

async function member(url, room, name) {
  const username = freshName("c");
  const answer = await fetch(`${url}/api/register`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: url },
    body: JSON.stringify({ name, username, email: `${username}@exemplo.com.br`, password: PASSWORD }),
  });
  if (answer.status !== 201) throw new Error(`register ${username}: ${answer.status} ${await answer.text()}`);
  const { token } = await answer.json();
  const socket = new WebSocket(`${url.replace("http", "ws")}/ws`, { headers: { authorization: `Bearer ${token}` } });
  const answers = new Map();
  let id = 0;
  const ask = (command) => new Promise((resolve, reject) => {
    id += 1;
    answers.set(id, { resolve, reject });
    socket.send(JSON.stringify({ ...command, id }));
  });
  const hello = new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.on("message", (data) => {
      for (const line of String(data).split("\n")) {
        const object = JSON.parse(line);
        if (object.type === "hello") resolve();
        if (object.type === "ping") socket.send('{"type":"ping"}');
        const call = object.id !== undefined && (object.type === "ok" || object.type === "error") && answers.get(object.id);
        if (!call) continue;
        answers.delete(object.id);
        if (object.type === "ok") call.resolve(object);
        else call.reject(new Error(line));
      }
    });
  });
  await hello;
  await ask({ type: "join", room });
  return {
    username,
    say: (text, more = {}) => ask({ type: "send", client_id: randomUUID(), text, ...more }),
    /** Uploads a file; resolves to what messages of this person may carry. */
    async upload({ name: file, mimeType, buffer }) {
      const form = new FormData();
      form.append("files", new Blob([buffer], { type: mimeType }), file);
      const uploaded = await fetch(`${url}/api/uploads`, { method: "POST", headers: { authorization: `Bearer ${token}` }, body: form });
      if (uploaded.status !== 201) throw new Error(`upload ${file}: ${uploaded.status} ${await uploaded.text()}`);
      return (await uploaded.json())[0];
    },
    leave: () => socket.close(),
  };
}

/** `size` people in `room`. */
export async function crowd(url, room, size = 4) {
  const names = ["João Prado", "Bia Lima", "Caio Dias", "Davi Reis", "Zeca Prado", "Lu Martins", "Rafa Figueira", "Marina Castro"];
  const people = [];
  for (let i = 0; i < size; i += 1) people.push(await member(url, room, names[i % names.length]));

  const nobodyAttaches = () => ({});

  /** Says `text(i)`, with what `more(i, person)` adds, for each i from `from` to `to`, in this order: people take turns, block by block. */
  async function seed(from, to, text, more = nobodyAttaches) {
    for (let first = from, turn = 0; first <= to; first += BLOCK, turn += 1) {
      const person = people[turn % people.length];
      const block = Array.from({ length: Math.min(BLOCK, to - first + 1) }, (_, k) => first + k);
      await Promise.all(block.map((i) => person.say(text(i), more(i, person))));
    }
  }

  /**
   * Goes on saying `text(i)` from `from` on, `rate` a second: `speakers` taking turns, or a single one, whose words come in their order for
   * sure. `stop()` resolves to the last i when all are confirmed.
   */
  function keepTalking(from, { rate, text, more = nobodyAttaches, most = Infinity, speakers = people.slice(0, 1) }) {
    const began = performance.now();
    const answers = [];
    let done;
    const ended = new Promise((resolve) => { done = resolve; });
    const timer = setInterval(() => {
      const due = Math.min(most, Math.floor(((performance.now() - began) / 1000) * rate));
      while (answers.length < due) {
        const i = from + answers.length;
        const person = speakers[i % speakers.length];
        answers.push(person.say(text(i), more(i, person)));
      }
      if (answers.length >= most) done();
    }, TICK_MS);
    const stop = async () => {
      clearInterval(timer);
      await Promise.all(answers);
      return from + answers.length - 1;
    };
    return { ended, stop };
  }

  /** As `keepTalking`, all taking turns, for `seconds`. */
  async function pour(from, { rate, seconds, ...rest }) {
    const talk = keepTalking(from, { rate, most: Math.round(rate * seconds), speakers: people, ...rest });
    await talk.ended;
    return talk.stop();
  }

  return { people, seed, keepTalking, pour, leave: () => people.forEach((person) => person.leave()) };
}
