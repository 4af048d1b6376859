// File sizes as people read them: "248 kB", "1,8 MB".

const UNITS = ["B", "kB", "MB", "GB"];
const STEP = 1024;

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
