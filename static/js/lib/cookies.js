// The three small cookies that the server reads before any script runs: room, theme, language.

const YEAR_S = 31_536_000;

export function setCookie(name, value) {
  document.cookie = `${name}=${encodeURIComponent(value)}; Path=/; SameSite=Lax; Max-Age=${YEAR_S}`;
}

export function dropCookie(name) {
  document.cookie = `${name}=; Path=/; SameSite=Lax; Max-Age=0`;
}
