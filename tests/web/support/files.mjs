// Small files made on the spot: a real PNG with a picture in it, a real ZIP.

import { deflateSync, crc32 as zlibCrc32 } from "node:zlib";

const TABLE = Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

function crc32(bytes) {
  if (zlibCrc32) return zlibCrc32(bytes);
  let c = 0xffffffff;
  for (const byte of bytes) c = TABLE[(c ^ byte) & 0xff] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

/** A PNG of `width` × `height`; `paint(x, y)` (both 0–1) gives `[r, g, b]`. */
export function png(width, height, paint) {
  const raw = Buffer.alloc(height * (1 + width * 3));
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) raw.set(paint(x / width, y / height), y * (1 + width * 3) + 1 + x * 3);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), chunk("IHDR", header), chunk("IDAT", deflateSync(raw)), chunk("IEND", Buffer.alloc(0))]);
}

const mix = (a, b, t) => a.map((value, i) => Math.round(value + (b[i] - value) * t));

/** Sun, hill and sea at dusk. */
export function dusk(x, y) {
  if (Math.hypot((x - 0.7) * 1.33, y - 0.45) < 0.11) return [255, 240, 205];
  if (y < 0.62 && y > 0.62 - 0.42 * Math.exp(-(((x - 0.3) / 0.16) ** 2))) return mix([122, 74, 120], [92, 56, 96], y);
  if (y < 0.62) return mix([247, 155, 130], [253, 214, 160], y / 0.62);
  if (y < 0.86) return mix([86, 158, 160], [56, 118, 128], (y - 0.62) / 0.24);
  return [243, 219, 178];
}

/** Guava paste on cheese, seen from the side. */
export function sweet(x, y) {
  const plate = ((x - 0.5) / 0.42) ** 2 + ((y - 0.68) / 0.16) ** 2 < 1;
  if (x > 0.3 && x < 0.7 && y > 0.3 && y < 0.5) return mix([196, 52, 92], [160, 34, 70], (y - 0.3) / 0.2);
  if (x > 0.3 && x < 0.7 && y >= 0.5 && y < 0.68) return [252, 238, 205];
  return plate ? [255, 253, 250] : mix([232, 212, 192], [221, 198, 176], y);
}

/** A ZIP with one stored file of `size` bytes. */
export function zip(name, size) {
  const data = Buffer.alloc(size, "papo ");
  const file = Buffer.from(name);
  const sum = crc32(data);
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(20, 4);
  local.writeUInt32LE(sum, 14);
  local.writeUInt32LE(size, 18);
  local.writeUInt32LE(size, 22);
  local.writeUInt16LE(file.length, 26);
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50, 0);
  local.copy(central, 6, 4, 30);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(46 + file.length, 12);
  end.writeUInt32LE(30 + file.length + size, 16);
  return Buffer.concat([local, file, data, central, file, end]);
}
