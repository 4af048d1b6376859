// How the images of a message lie beside each other: known before they are loaded, so that nothing jumps. Pure functions.

/** The largest and the smallest a single image gets, in CSS pixels. */
export const SINGLE = { width: 320, height: 300, least: 96 };
/** Several lie in rows of two and three; `gap` is in the style sheet too. */
const WIDTH = 336;
const GAP = 3;
/** The height of a row of one, two, three, as a part of its width. */
const HEIGHTS = [0, 9 / 16, 3 / 8, 1 / 3];

/** How many images lie in each row: twos first, then threes; of three the first lies alone. */
export function albumRows(count) {
  if (count === 3) return [1, 2];
  const rows = Math.ceil(count / 3);
  const threes = Math.max(0, count - 2 * rows);
  return Array.from({ length: rows }, (_, i) => Math.min(count, i < rows - threes ? 2 : 3));
}

/** `{rows, width, height}` in CSS pixels: a single image whole, within the limits, never larger than it is. */
export function albumSize(images) {
  const rows = albumRows(images.length);
  if (images.length > 1) return { rows, width: WIDTH, height: Math.round(rows.reduce((sum, row) => sum + HEIGHTS[row] * WIDTH, GAP * (rows.length - 1))) };
  const { width = SINGLE.width, height = Math.round(SINGLE.width * 0.75) } = images[0];
  const scale = Math.min(1, SINGLE.width / width, SINGLE.height / height);
  const size = (length) => Math.max(SINGLE.least, Math.round(length * scale));
  return { rows, width: size(width), height: size(height) };
}

/** The heights of the rows, one to the other, for `grid-template-rows`. */
export const albumHeights = (rows) => rows.map((row) => `${Math.round(HEIGHTS[row] * 1000)}fr`).join(" ");
