// Starts the server under test on a free port with folders of its own, and stops it.

import { execFile, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

const START_MS = 20_000;
const STOP_MS = 10_000;

function firstLine(child) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("the server did not start in time")), START_MS);
    child.once("exit", (code) => reject(new Error(`the server stopped with ${code} before it listened`)));
    createInterface({ input: child.stdout }).once("line", (line) => {
      clearTimeout(timer);
      resolve(line);
    });
  });
}

function exited(child) {
  return child.exitCode !== null || child.signalCode !== null ? Promise.resolve() : new Promise((resolve) => child.once("exit", resolve));
}

/**
 * `{url, database, halt(), resume(), stop()}`; `PAPO_BIN` names the program, `PAPO_LOG_TESTS=1` shows its log.
 * @param seed  it begins with what `papo seed-demo` makes: see `signIn` of support/people.mjs
 */
export async function startServer({ args = [], limits = "off", seed = false } = {}) {
  const bin = process.env.PAPO_BIN;
  if (!bin) throw new Error("set PAPO_BIN to the server's program");
  const folder = await mkdtemp(join(tmpdir(), "papo-web-"));
  const folders = ["--data-dir", join(folder, "data"), "--uploads-dir", join(folder, "uploads")];
  const server = { url: "", child: null };

  async function launch(port) {
    const child = spawn(bin, ["--listen", `127.0.0.1:${port}`, ...folders, ...args], {
      // Many people register from one address here, and fast; the limits have tests of their own.
      env: { ...process.env, PAPO_LIMITS: limits },
      stdio: ["ignore", "pipe", process.env.PAPO_LOG_TESTS ? "inherit" : "ignore"],
    });
    // A test run that breaks off leaves no server behind.
    process.once("exit", () => child.kill("SIGKILL"));
    const line = await firstLine(child);
    const match = /^papo listening on (http:\/\/[^ ]+)$/.exec(line);
    if (!match) throw new Error(`unexpected first line: ${line}`);
    server.child = child;
    server.url = match[1];
  }

  async function halt() {
    const { child } = server;
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
    await exited(child);
    clearTimeout(timer);
  }

  if (seed) await promisify(execFile)(bin, ["seed-demo", ...folders]);
  await launch(0);
  return {
    get url() { return server.url; },
    database: join(folder, "data", "papo.db"),
    halt,
    resume: () => launch(new URL(server.url).port),
    async stop() {
      await halt();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
