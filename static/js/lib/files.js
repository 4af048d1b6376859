// What a file is, from its name and type, and how large, as people read it.

const UNITS = ["B", "kB", "MB", "GB"];
const STEP = 1024;
const BY_EXTENSION = {
  pdf: "pdf",
  zip: "archive", gz: "archive", tgz: "archive", bz2: "archive", xz: "archive", "7z": "archive", rar: "archive", tar: "archive", zst: "archive",
  doc: "document", docx: "document", odt: "document", rtf: "document",
  xls: "sheet", xlsx: "sheet", ods: "sheet", csv: "sheet",
  ppt: "slides", pptx: "slides", odp: "slides",
  mp3: "audio", ogg: "audio", oga: "audio", opus: "audio", wav: "audio", flac: "audio", m4a: "audio",
  mp4: "video", mkv: "video", webm: "video", mov: "video", avi: "video",
  png: "image", jpg: "image", jpeg: "image", gif: "image", webp: "image", svg: "image", avif: "image", heic: "image",
  txt: "text", md: "text", log: "text",
  js: "code", ts: "code", rs: "code", py: "code", c: "code", h: "code", html: "code", css: "code", json: "code", sh: "code", sql: "code",
};

function extensionOf(name) {
  const dot = name.lastIndexOf(".");
  return dot > 0 ? name.slice(dot + 1).toLowerCase() : "";
}

function byType(mime) {
  const group = mime.split("/")[0];
  return ["audio", "video", "image", "text"].includes(group) ? group : "other";
}

/** `{kind, badge}`: `kind` names the colour and the word (`kind-…`), `badge` has up to four letters. */
export function fileKind(name, mime = "") {
  const extension = extensionOf(name);
  const kind = BY_EXTENSION[extension] ?? byType(mime);
  const badge = /^[a-z0-9]{1,4}$/.test(extension) ? extension.toUpperCase() : "?";
  return { kind, badge };
}

function unitOf(bytes) {
  let unit = 0;
  while (unit < UNITS.length - 1 && bytes >= STEP ** (unit + 1)) unit += 1;
  return unit;
}

function inUnit(bytes, unit, lang) {
  const digits = unit < 2 ? 0 : 1;
  return new Intl.NumberFormat(lang, { maximumFractionDigits: digits }).format(bytes / STEP ** unit);
}

/** `bytes` with its unit, in the numbers of `lang`. */
export function sizeText(bytes, lang) {
  const unit = unitOf(bytes);
  return `${inUnit(bytes, unit, lang)} ${UNITS[unit]}`;
}

/** How much of `total` has gone, both in the unit of the total: `{sent: "1,8", total: "2,6 MB"}`. */
export function progressText(sent, total, lang) {
  return { sent: inUnit(Math.min(sent, total), unitOf(total), lang), total: sizeText(total, lang) };
}
