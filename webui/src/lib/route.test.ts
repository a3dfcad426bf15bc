import assert from 'node:assert/strict';
import test from 'node:test';
import { link, parseRoute } from './route';

test('an address and its parts are the same thing', () => {
  const query = { store: 'acme', type: 'products', id: 'a/b?c#d & é', q: '50% off' };
  assert.deepEqual(parseRoute(link('item', query)), { path: ['item'], query });
});

test('the empty address is the front page', () => {
  for (const hash of ['', '#', '#/']) assert.deepEqual(parseRoute(hash), { path: [], query: {} });
});

test('a link of the first start is its last segment', () => {
  assert.deepEqual(parseRoute('#/setup/AbC-_9'), { path: ['setup', 'AbC-_9'], query: {} });
});

test('what says nothing is left out', () => {
  assert.equal(link('items', { store: 'acme', q: '', after: null, page: undefined, n: 0 }), '#/items?store=acme&n=0');
});

test('a broken bookmark is read as far as it goes', () => {
  assert.deepEqual(parseRoute('#/item/%E0%A4%A?id=%ZZ'), { path: ['item', '%E0%A4%A'], query: { id: '%ZZ' } });
});
