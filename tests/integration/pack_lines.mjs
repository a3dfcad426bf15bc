// Reads packs as somebody would who has lost Backstock: stock zstdcat, lines of NDJSON, slices of bytes.

import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { rawFields } from './raw_json.mjs';

/** The number of the dictionary of a pack's frames, 0 for none: FORMAT.md, pack header and frame header. */
export function dictionaryOf(bytes) {
  const frame = bytes.length >= 8 ? bytes.readUInt32LE(4) + 8 : bytes.length;
  return bytes.length >= frame + 28 && bytes[frame] === 0x5c ? bytes.readUInt32LE(frame + 24) : 0;
}

/** The unpacked bytes of one pack. */
export function unpacked(file) {
  const dictionary = dictionaryOf(fs.readFileSync(file));
  // A torn tail makes zstdcat complain after it has printed all whole frames.
  if (dictionary === 0) return spawnSync('zstdcat', [file], { maxBuffer: 1 << 30 }).stdout;
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'backstock-dictionary-'));
  try {
    const plain = path.join(folder, 'dictionary');
    spawnSync('zstd', ['-q', '-d', path.join(path.dirname(file), `${dictionary}.dict.zst`), '-o', plain]);
    return spawnSync('zstdcat', ['-D', plain, file], { maxBuffer: 1 << 30 }).stdout;
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

/** All lines of the packs in order: metadata as values, item and parts as Buffers. */
export function packLines(files) {
  const lines = [];
  for (const file of files) {
    const bytes = unpacked(file);
    let from = 0;
    for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, from)) {
      lines.push(readLine(bytes.subarray(from, end)));
      from = end + 1;
    }
  }
  return lines;
}

export function readLine(bytes) {
  const raw = rawFields(bytes);
  const { item, item_base64, parts, parts_base64, ...meta } = raw;
  const line = Object.fromEntries(Object.entries(meta).map(([key, value]) => [key, JSON.parse(value.toString())]));
  if (item) line.item = item;
  if (item_base64) Object.assign(line, { item: Buffer.from(JSON.parse(item_base64.toString()), 'base64'), in_base64: true });
  line.parts = parts ? rawFields(parts) : {};
  for (const [name, text] of Object.entries(parts_base64 ? rawFields(parts_base64) : {}))
    line.parts[name] = Buffer.from(JSON.parse(text.toString()), 'base64');
  return line;
}
