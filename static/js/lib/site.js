// This site: addresses of rooms and uploads, and the small cookies (room, theme, language) that the server reads before any script.

const UPLOAD = /^\/static\/[A-Za-z0-9._-]+$/;
const YEAR_S = 31_536_000;

/** True for the address of an upload on this server, and nothing else. */
export function isUpload(url) {
  return typeof url === "string" && UPLOAD.test(url);
}

export function roomPath(id) {
  return `/rooms/${encodeURIComponent(id)}`;
}

/** The room of a path, or "" if it names none. */
export function roomOfPath(path) {
  const match = /^\/rooms\/([^/]+)\/?$/.exec(path);
  if (!match) return "";
  try {
    return decodeURIComponent(match[1]);
  } catch {
    return "";
  }
}

export function loginPath(next) {
  return `/login?next=${encodeURIComponent(next)}`;
}

export function setCookie(name, value) {
  document.cookie = `${name}=${encodeURIComponent(value)}; Path=/; SameSite=Lax; Max-Age=${YEAR_S}`;
}
