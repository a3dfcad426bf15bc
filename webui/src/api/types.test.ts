// The daemon, the mock of the browser tests and types.ts say the same: their answers, as TypeScript literals, are given to
// the compiler, which refuses a field that is missing, one that types.ts does not know, and a word that it does not list.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { startMock, PASSWORD, LINK } from '../../../tests/browser/mock_daemon.mjs';

const kPage = process.env.BACKSTOCK_PAGE_DIR ?? '.';
const kGolden = path.join(kPage, '../tests/golden/api');

interface Sample {
  name: string;
  type: string;
  text: string;
}

/** What the compiler has against these samples. */
function complaints(samples: Sample[]): string[] {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'backstock-samples-'));
  try {
    const lines = [`import type * as api from ${JSON.stringify(path.join(kPage, 'src/api/types'))};`];
    samples.forEach(({ type, text }, i) => lines.push(`export const sample${i}: api.${type} = ${text.trim()};`));
    fs.writeFileSync(path.join(folder, 'samples.ts'), lines.join('\n'));
    const compiler = path.join(kPage, 'node_modules/typescript/bin/tsc');
    const options = ['--noEmit', '--strict', '--target', 'es2022', '--module', 'esnext', '--moduleResolution', 'bundler', '--types', '', '--pretty', 'false'];
    const ran = spawnSync(process.execPath, [compiler, ...options, '--ignoreConfig', path.join(folder, 'samples.ts')], { encoding: 'utf8' });
    assert.ok(ran.error === undefined, String(ran.error));
    const told = ran.stdout.split('\n').filter((line) => line.includes('error TS'));
    assert.equal(ran.status === 0, told.length === 0, ran.stdout + ran.stderr);
    return told.map((line) => {
      const at = Number(/\((\d+),/.exec(line)?.[1] ?? 0) - 2;
      return `${samples[at]?.name ?? '?'}: ${line.replace(/^.*error /, '')}`;
    });
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

// Which type a sample of the daemon's tests has, by the first word of its name: status.json, items_deleted.json …
const kTypeOf: Record<string, string> = {
  session: 'Session',
  tokens: 'Tokens',
  token: 'NewToken',
  problem: 'Problem',
  status: 'Status',
  types: 'ContentTypes',
  items: 'Items',
  item: 'Item',
  versions: 'Versions',
  compare: 'Comparison',
  runs: 'Runs',
  run: 'RunDetail',
  backups: 'BackupAccepted',
};

test('the samples of the daemon are of these types', () => {
  const names = fs.readdirSync(kGolden).filter((name) => name.endsWith('.json'));
  assert.ok(names.length > 0, `no samples in ${kGolden}`);
  const samples = names.map((name) => {
    const word = /^[a-z]+/.exec(name)?.[0] ?? '';
    const type = kTypeOf[word];
    assert.ok(type, `${name}: of which type is it? Say so in types.test.ts.`);
    return { name, type, text: fs.readFileSync(path.join(kGolden, name), 'utf8') };
  });
  assert.deepEqual(complaints(samples), []);
});

test('the answers of the mock are of these types, in every world', async () => {
  const samples: Sample[] = [];
  for (const world of ['empty', 'normal', 'hostile', 'many']) {
    const mock = await startMock({ page: '', world, session: 'signed_out' });
    let csrf = '';
    const ask = async (type: string, method: string, where: string, body?: unknown) => {
      const answer = await fetch(`${mock.origin}/api/v1/${where}`, {
        method,
        headers: { 'X-Backstock-CSRF': csrf },
        body: body === undefined ? null : JSON.stringify(body),
      });
      const text = await answer.text();
      assert.equal(answer.ok, type !== 'Problem', `${world}: ${method} ${where}: ${text}`);
      samples.push({ name: `${world}: ${method} ${where}`, type, text });
      return text;
    };
    try {
      await ask('Session', 'GET', 'session');
      await ask('Problem', 'POST', 'session', { password: 'wrong' });
      await ask('Problem', 'GET', 'status');
      await ask('Session', 'POST', 'session', { password: PASSWORD });
      csrf = (JSON.parse(await ask('Session', 'POST', 'setup', { link: LINK, password: 'long enough' })) as { csrf: string }).csrf;
      await ask('Tokens', 'GET', 'tokens');
      await ask('NewToken', 'POST', 'tokens', { name: 'one', access: 'read' });
      await ask('Status', 'GET', 'status');
      await ask('ContentTypes', 'GET', 'types?store=acme');
      for (const type of ['products', 'customers', 'redirects', 'brands']) await ask('Items', 'GET', `items?store=acme&type=${type}&deleted=include&limit=20`);
      await ask('Runs', 'GET', 'runs?store=acme');
      await ask('BackupAccepted', 'POST', 'backups', { store: 'acme', types: [], full: false });
      if (world === 'empty') {
        await ask('Problem', 'GET', 'item?store=acme&type=products&id=13');
        continue;
      }
      await ask('Item', 'GET', 'item?store=acme&type=products&id=13');
      await ask('Versions', 'GET', 'versions?store=acme&type=products&id=13');
      await ask('Comparison', 'GET', 'compare?store=acme&type=products&id=7&from=3&to=47&changes_only=0');
      await ask('RunDetail', 'GET', 'run?store=acme&run=01JCN6Q8W0X4Y5Z6A7B8C9D1001');
    } finally {
      await mock.stop();
    }
  }
  assert.deepEqual(complaints(samples), []);
});

test('the compiler tells of a missing field, an unknown one, and an unknown word', () => {
  const session = { state: 'signed_in', csrf: null, version: '0.1.0', idle_minutes: 30 };
  const told = complaints([
    { name: 'good', type: 'Session', text: JSON.stringify(session) },
    { name: 'missing', type: 'Session', text: JSON.stringify({ ...session, version: undefined }) },
    { name: 'unknown', type: 'Session', text: JSON.stringify({ ...session, more: 1 }) },
    { name: 'word', type: 'Session', text: JSON.stringify({ ...session, state: 'asleep' }) },
  ]);
  assert.deepEqual(
    told.map((line) => line.split(':')[0]),
    ['missing', 'unknown', 'word'],
  );
});
