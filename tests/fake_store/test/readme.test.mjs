// The README. Promises: every switch with its default, every trouble action, every control call and every option stands in it.

import test from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { SWITCHES } from '../switches.mjs';
import { DEFAULTS } from '../fake_store.mjs';

const read = (name) => fs.readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');
const readme = read('README.md');

test('every switch stands in the README with its default', () => {
  for (const [name, [value]] of Object.entries(SWITCHES)) assert.ok(readme.includes(`| \`${name}\` | \`${value}\` |`), name);
  for (const [, name] of readme.matchAll(/^\| `([a-z0-9_]+)` \| `/gm)) assert.ok(name in SWITCHES, name);
});

test('every control call stands in the README', () => {
  const source = read('control.mjs');
  const calls = [...source.matchAll(/case '((?:GET|POST|DELETE) \w+)'/g)].map((m) => m[1]);
  assert.ok(calls.length > 15);
  for (const call of calls) assert.ok(readme.includes(call), call);
});

test('every option stands in the README', () => {
  const kebab = (name) => '--' + name.replace(/[A-Z]/g, (c) => '-' + c.toLowerCase());
  for (const name of Object.keys(DEFAULTS)) {
    const flag = name === 'switches' ? '--switch' : kebab(name);
    assert.ok(readme.includes(flag), flag);
  }
});

test('every trouble action stands in the README', () => {
  const list = /const known = \[([^\]]*)\]/.exec(read('trouble.mjs'))[1];
  for (const [, name] of list.matchAll(/'(\w+)'/g)) assert.ok(readme.includes(name), name);
});
