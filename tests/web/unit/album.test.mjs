// Rules of lib/album.js: how the images of a message lie, known before they are loaded.

import assert from "node:assert/strict";
import test from "node:test";
import { albumHeights, albumRows, albumSize } from "../../../static/js/lib/album.js";

test("any number of images fills its rows", () => {
  const rows = Array.from({ length: 10 }, (_, i) => albumRows(i + 1));
  assert.deepEqual(rows, [[1], [2], [1, 2], [2, 2], [2, 3], [3, 3], [2, 2, 3], [2, 3, 3], [3, 3, 3], [2, 2, 3, 3]]);
  for (const [i, row] of rows.entries()) assert.equal(row.reduce((sum, across) => sum + across), i + 1);
});

test("a single image is whole, within the limits, never larger than it is", () => {
  const size = (width, height) => {
    const { width: w, height: h } = albumSize([{ width, height }]);
    return [w, h];
  };
  assert.deepEqual(size(4000, 3000), [320, 240]);
  assert.deepEqual(size(1000, 4000), [96, 300]);
  assert.deepEqual(size(200, 150), [200, 150]);
  assert.deepEqual(size(4000, 100), [320, 96]);
  assert.deepEqual(size(undefined, undefined), [320, 240]);
});

test("several take one width, and as much height as their rows", () => {
  assert.deepEqual(albumSize([{}, {}]), { rows: [2], width: 336, height: 126 });
  assert.equal(albumSize(Array(10).fill({})).height, Math.round(336 * (2 * 3 / 8 + 2 / 3) + 9));
  assert.equal(albumHeights([1, 2]), "563fr 375fr");
});
