import assert from 'node:assert/strict';
import test from 'node:test';
import { about, ago, beginning, bytes, count, counted, exact, lasted, parseTime, precise, sentence } from './format';

test('counts have thousands separators and the right word', () => {
  assert.equal(count(500000), '500,000');
  assert.equal(counted(1, 'item'), '1 item');
  assert.equal(counted(0, 'item'), '0 items');
  assert.equal(counted(2, 'day', 'days'), '2 days');
});

test('sizes step up before they read 1,000', () => {
  assert.equal(bytes(1), '1 byte');
  assert.equal(bytes(999), '999 bytes');
  assert.equal(bytes(1000), '1.0 kB');
  assert.equal(bytes(999_960), '1.0 MB');
  assert.equal(bytes(12_345_678), '12 MB');
  assert.equal(bytes(3_200_000_000_000_000), '3,200 TB');
});

test('an estimate claims no more than is known', () => {
  assert.equal(about(3), 'less than a minute');
  assert.equal(about(55), 'about 1 minute');
  assert.equal(about(245), 'about 4 minutes');
  assert.equal(about(2 * 3600), 'about 2 hours');
  assert.equal(about(3 * 86400), 'about 3 days');
});

test('a span that is over is exact', () => {
  assert.equal(lasted(420), '0.4 s');
  assert.equal(lasted(38_000), '38 s');
  assert.equal(lasted(252_000), '4 min 12 s');
  assert.equal(lasted(7_500_000), '2 h 05 min');
  assert.equal(lasted(-5), '< 0.1 s');
  assert.equal(lasted(50), '0.1 s');
});

test('relative times look both ways', () => {
  const now = new Date('2026-11-14T14:05:00Z');
  assert.equal(ago(new Date('2026-11-14T14:04:30Z'), now), 'just now');
  assert.equal(ago(new Date('2026-11-14T14:03:00Z'), now), '2 minutes ago');
  assert.equal(ago(new Date('2026-11-13T14:04:00Z'), now), '1 day ago');
  assert.equal(ago(new Date('2026-11-14T14:05:30Z'), now), 'in less than a minute');
  assert.equal(ago(new Date('2026-11-14T17:06:00Z'), now), 'in 3 hours');
});

test('exact times name zone and UTC', () => {
  const time = new Date('2026-11-14T23:05:09.123Z');
  assert.equal(exact(time, 'Europe/Berlin'), '15 Nov 2026, 00:05');
  assert.match(precise(time, 'Europe/Berlin'), /^Sun.* 15 Nov 2026.* 00:05:09 (CET|GMT\+1) \(2026-11-14 23:05:09 UTC\)$/);
});

test('what is no time is none', () => {
  assert.equal(parseTime(null), null);
  assert.equal(parseTime('soon'), null);
  assert.equal(parseTime('2026-11-14T14:05:00.000Z')?.getTime(), 1794665100000);
});

test('halves of sentences become sentences', () => {
  assert.equal(sentence('the password is wrong'), 'The password is wrong.');
  assert.equal(sentence('Wait.'), 'Wait.');
  assert.equal(sentence(' '), '');
});

test('a cut never leaves half a character', () => {
  assert.equal(beginning('ab😀cd', 3), 'ab');
  assert.equal(beginning('ab😀cd', 4), 'ab😀');
  assert.equal(beginning('ab', 4), 'ab');
});
