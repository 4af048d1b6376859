// What people do in the tests: register over the API, open a room, say something.

export const PASSWORD = "romeu e julieta 42";
/** Of those whom `papo seed-demo` makes. */
const DEMO_PASSWORD = "demo-papo";

let serial = 0;

/** A username nobody has yet. */
export function freshName(base) {
  serial += 1;
  return `${base}${serial}${Math.floor(performance.now())}`.toLowerCase();
}

/** Registers and stays signed in, in `context`. */
export async function register(context, url, { name, username = freshName("u") }) {
  const answer = await context.request.post(`${url}/api/register`, {
    headers: { origin: url },
    data: { name, username, email: `${username}@exemplo.com.br`, password: PASSWORD },
  });
  if (answer.status() !== 201) throw new Error(`register ${username}: ${answer.status()} ${await answer.text()}`);
  return { name, username, email: `${username}@exemplo.com.br` };
}

/** Signs in somebody of the demonstration, in `context`. */
export async function signIn(context, url, login) {
  const answer = await context.request.post(`${url}/api/login`, { headers: { origin: url }, data: { login, password: DEMO_PASSWORD } });
  if (answer.status() !== 200) throw new Error(`sign in ${login}: ${answer.status()} ${await answer.text()}`);
}

/** A page that is in `room`. */
export async function enter(context, url, room = "sala-1") {
  const page = await context.newPage();
  await page.goto(`${url}/rooms/${encodeURIComponent(room)}`);
  await joined(page);
  return page;
}

/** Waits until the room is there: only a joined room shows oneself among its people. */
export async function joined(page) {
  await page.locator(".people .row").first().waitFor({ state: "attached" });
}

export const composer = (page) => page.locator("#composer");

/** Writes and sends with Enter. */
export async function say(page, text) {
  await composer(page).fill(text);
  await composer(page).press("Enter");
}

/** The bubble with exactly this text. */
export function bubble(page, text) {
  return page.locator(".bubble", { has: page.locator(".text, .big", { hasText: new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`) }) });
}

/** Waits until an own message has its tick. */
export async function ticked(page, text) {
  await page.locator(".msg.own:not(.pending):not(.failed)", { has: bubble(page, text) }).waitFor();
}
