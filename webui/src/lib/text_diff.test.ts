import assert from 'node:assert/strict';
import test from 'node:test';
import { textDiff, type Part } from './text_diff';

const shown = (parts: Part[]) => parts.map((part) => (part.differs ? `[${part.text}]` : part.text)).join('');
const plain = (parts: Part[]) => parts.map((part) => part.text).join('');

test('a changed word is marked and nothing else', () => {
  const { before, after } = textDiff('A red cotton shirt.', 'A blue cotton shirt.');
  assert.equal(shown(before), 'A [red] cotton shirt.');
  assert.equal(shown(after), 'A [blue] cotton shirt.');
});

test('what was put in is marked on one side only', () => {
  const { before, after } = textDiff('one three', 'one two three');
  assert.equal(shown(before), 'one three');
  assert.equal(shown(after), 'one [two ]three');
});

test('equal texts have no mark, different ones are marked whole', () => {
  assert.deepEqual(textDiff('same', 'same').before, [{ text: 'same', differs: false }]);
  assert.equal(shown(textDiff('abc', 'xyz').after), '[xyz]');
  assert.equal(shown(textDiff('', 'new').after), '[new]');
});

test('both texts come out whole, also when they are too long for words', () => {
  const a = Array.from({ length: 3000 }, (_, i) => `w${i * 7919}`).join(' ');
  const b = Array.from({ length: 3000 }, (_, i) => `v${i * 104729}`).join(' ');
  const { before, after } = textDiff(`start ${a} end`, `start ${b} end`);
  assert.equal(plain(before), `start ${a} end`);
  assert.equal(plain(after), `start ${b} end`);
  assert.equal(before[0]?.text, 'start ');
  assert.equal(before.at(-1)?.text, ' end');
});

test('letters of every script are words', () => {
  assert.equal(shown(textDiff('Größe 10 שלום', 'Größe 12 שלום').after), 'Größe [12] שלום');
});
