// What goes wrong with a server's database, brought about behind its back.

import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);
const SCRIPT = "import sqlite3, sys; db = sqlite3.connect(sys.argv[1], timeout=10); db.execute(sys.argv[2]); db.commit()";

/** Runs one statement of SQL in the database of `server` (support/server.mjs). */
export const sql = (server, statement) => run("python3", ["-c", SCRIPT, server.database, statement]);
