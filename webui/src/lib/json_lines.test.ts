import assert from 'node:assert/strict';
import test from 'node:test';
import { jsonLines, withUnseenNamed } from './json_lines';

function printed(text: string): string[] {
  return jsonLines(text).map(
    ({ depth, pieces }) => '  '.repeat(depth) + pieces.map(({ from, to }) => text.slice(from, to)).join(''),
  );
}

test('objects and arrays are laid out, empty ones stay whole', () => {
  assert.deepEqual(printed('{"a":1,"b":[true,null],"c":{},"d":[ ]}'), [
    '{',
    '  "a":1,',
    '  "b":[',
    '    true,',
    '    null',
    '  ],',
    '  "c":{},',
    '  "d":[]',
    '}',
  ]);
});

test('numbers keep their digits', () => {
  const text = '{"price":19.9900,"big":12345678901234567890,"tiny":1E-07,"minus":-0.0}';
  const numbers = jsonLines(text).flatMap((line) => line.pieces.filter((p) => p.kind === 'number'));
  assert.deepEqual(
    numbers.map(({ from, to }) => text.slice(from, to)),
    ['19.9900', '12345678901234567890', '1E-07', '-0.0'],
  );
});

test('strings keep their escapes, and brackets inside them are no brackets', () => {
  assert.deepEqual(printed(String.raw`{"a":"x\"},{[:,\\","\u00e9":"\/"}`), ['{', String.raw`  "a":"x\"},{[:,\\",`, String.raw`  "\u00e9":"\/"`, '}']);
});

test('doubled keys and their order stay', () => {
  assert.deepEqual(printed('{"b":1,"a":2,"b":3}'), ['{', '  "b":1,', '  "a":2,', '  "b":3', '}']);
});

test('a key is told from a text', () => {
  const kinds = jsonLines('{"a" : "b", "c":["d"]}').flatMap((line) => line.pieces.map((p) => p.kind));
  assert.deepEqual(
    kinds.filter((k) => k !== 'mark'),
    ['key', 'text', 'key', 'text'],
  );
});

test('nothing but space between tokens is ever dropped, whatever the text', () => {
  const texts = ['', '  ', 'null', '{"a":', ']]}}', '{"a" "b"}', '"open', '"open\\', 'a,b:c', '[1,2', '{"a":1}{"b":2}', 'ok\u0000{'];
  let seed = 7;
  const random = (n: number) => (seed = (seed * 1103515245 + 12345) % 2147483648) % n;
  for (let i = 0; i < 300; ++i) {
    let text = '';
    for (let k = random(40); k > 0; --k) text += '{}[]:,"\\ \n019.-etrufalsn😀'.charAt(random(28));
    texts.push(text);
  }
  for (const text of texts) {
    const pieces = jsonLines(text).flatMap((line) => line.pieces);
    let at = 0;
    for (const { from, to } of pieces) {
      assert.match(text.slice(at, from), /^[ \n\r\t]*$/, JSON.stringify(text));
      assert.ok(to > from, JSON.stringify(text));
      at = to;
    }
    assert.match(text.slice(at), /^[ \n\r\t]*$/, JSON.stringify(text));
  }
});

test('deep nesting needs no stack', () => {
  const depth = 100_000;
  const lines = jsonLines('['.repeat(depth) + ']'.repeat(depth));
  assert.equal(lines.length, 2 * depth - 1);
});

test('unseen characters are named', () => {
  assert.deepEqual(withUnseenNamed('plain'), [{ text: 'plain', name: null }]);
  assert.deepEqual(withUnseenNamed('a\u202eb'), [
    { text: 'a', name: null },
    { text: '\u202e', name: 'U+202E' },
    { text: 'b', name: null },
  ]);
  assert.deepEqual(withUnseenNamed('\u200b'), [{ text: '\u200b', name: 'U+200B' }]);
  assert.deepEqual(
    withUnseenNamed('a\u200db').map((piece) => piece.name),
    [null, 'U+200D', null],
  );
});

test('joiners that belong to a script or an emoji are left alone', () => {
  for (const text of ['👩‍👧', '🏳️‍🌈', '👩🏽‍🚀', 'می\u200cخواهم', 'क्\u200dष']) {
    assert.deepEqual(withUnseenNamed(text), [{ text, name: null }]);
  }
});
