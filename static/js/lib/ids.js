// Ids made by this browser. Works on plain http too, where crypto.randomUUID is missing.

/** A random id of 32 hex digits, unique for ever. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
