// JSON text in lines for reading, from the text itself: nothing is parsed and printed anew, so numbers keep their digits,
// strings their escapes, keys their order and doubles. What is no JSON passes through unharmed.

export type Kind = 'key' | 'text' | 'number' | 'word' | 'mark';

export interface Piece {
  kind: Kind;
  from: number;
  to: number;
}

export interface Line {
  depth: number;
  pieces: Piece[];
}

const isSpace = (c: number) => c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09;
const isBracket = (c: number) => c === 0x7b || c === 0x7d || c === 0x5b || c === 0x5d;
const kQuote = 0x22;
const kComma = 0x2c;
const kColon = 0x3a;

function afterSpace(text: string, at: number): number {
  while (at < text.length && isSpace(text.charCodeAt(at))) ++at;
  return at;
}

function afterString(text: string, at: number): number {
  for (let i = at + 1; i < text.length; ++i) {
    const c = text.charCodeAt(i);
    if (c === 0x5c) ++i;
    else if (c === kQuote) return i + 1;
  }
  return text.length;
}

function afterPlain(text: string, at: number): number {
  let i = at;
  for (; i < text.length; ++i) {
    const c = text.charCodeAt(i);
    if (isSpace(c) || isBracket(c) || c === kQuote || c === kComma || c === kColon) break;
  }
  return i;
}

export function jsonLines(text: string): Line[] {
  const lines: Line[] = [];
  let line: Line = { depth: 0, pieces: [] };
  const put = (kind: Kind, from: number, to: number) => line.pieces.push({ kind, from, to });
  const newLine = (depth: number) => {
    if (line.pieces.length > 0) lines.push(line);
    line = { depth: Math.max(0, depth), pieces: [] };
  };
  let depth = 0;
  let at = afterSpace(text, 0);
  while (at < text.length) {
    const c = text.charCodeAt(at);
    if (c === 0x7b || c === 0x5b) {
      const close = afterSpace(text, at + 1);
      put('mark', at, at + 1);
      if (text.charCodeAt(close) === c + 2) {
        put('mark', close, close + 1);
        at = close + 1;
      } else {
        newLine(++depth);
        ++at;
      }
    } else if (c === 0x7d || c === 0x5d) {
      newLine((depth = Math.max(0, depth - 1)));
      put('mark', at, ++at);
    } else if (c === kComma) {
      put('mark', at, ++at);
      newLine(depth);
    } else if (c === kColon) {
      put('mark', at, ++at);
    } else if (c === kQuote) {
      const end = afterString(text, at);
      put(text.charCodeAt(afterSpace(text, end)) === kColon ? 'key' : 'text', at, end);
      at = end;
    } else {
      const end = afterPlain(text, at);
      put(c === 0x2d || (c >= 0x30 && c <= 0x39) ? 'number' : 'word', at, end);
      at = end;
    }
    at = afterSpace(text, at);
  }
  newLine(0);
  return lines;
}

// Characters that a reader cannot see, or that turn the direction of what follows. The joiners U+200C and U+200D belong to
// some scripts and to emoji: they are named only elsewhere.
const kJoiner = '(?<![\\p{Lo}\\p{M}\\p{Extended_Pictographic}\\p{Emoji_Modifier}])[\\u200c\\u200d]';
const kOther =
  '[\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u2069\\ufeff]';
const kUnseen = new RegExp(`(${kJoiner}|${kOther})`, 'u');

/** The text in pieces, with each unseen character on its own and named: "U+202E". */
export function withUnseenNamed(text: string): { text: string; name: string | null }[] {
  if (!kUnseen.test(text)) return [{ text, name: null }];
  // Split by a pattern with one group: every second piece is what the group found.
  return text
    .split(kUnseen)
    .map((piece, i) => ({
      text: piece,
      name: i % 2 === 1 ? `U+${piece.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}` : null,
    }))
    .filter((piece) => piece.text !== '');
}
