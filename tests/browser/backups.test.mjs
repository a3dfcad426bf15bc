// Starting, watching and cancelling backups; live news, and what the page does without them.

import assert from 'node:assert/strict';
import test from 'node:test';
import { openView } from './browser.mjs';
import { problem } from './mock_daemon.mjs';
import { runningNow } from './mock_worlds.mjs';

test('a backup of everything is asked about, started, followed live and ends', async (t) => {
  const view = await openView(t, {});
  const { page, mock } = view;
  const [store] = mock.status.stores;
  await view.go();
  await page.getByRole('button', { name: 'Back up now', exact: true }).click();
  await view.see('reads');
  await page.getByRole('button', { name: 'Start backup' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.deepEqual(JSON.parse(mock.requests('POST', '/api/v1/backups')[0].body), { store: 'acme', types: [], full: false });

  Object.assign(store, { state: 'running', running: runningNow(31) });
  mock.push();
  await view.see('31 of 311 read');
  await view.see('About 4 minutes left for this content type, about 22 minutes for all.');
  assert.equal(await page.getByRole('progressbar').getAttribute('value'), String(31 / 311));
  await page.waitForFunction(() => document.querySelector('[aria-live]').textContent === 'Backing up Products.');

  Object.assign(store.running, { total: null, seconds_left: null, seconds_left_all: null });
  mock.push();
  await view.see('How long it takes cannot be said yet.');
  assert.equal(await page.getByRole('progressbar').getAttribute('value'), null);
  store.running.waiting_for_quota = true;
  mock.push();
  await view.see('Waiting: the part of the store’s request quota');

  Object.assign(store, { state: 'idle', running: null, verdict: { level: 'good', text: 'All is well, just now.' } });
  mock.push();
  await view.see('All is well, just now.');
  await page.getByRole('progressbar').waitFor({ state: 'detached' });
  await page.waitForFunction(() => document.querySelector('[aria-live]').textContent === 'The backup has ended. All is well, just now.');
});

test('one content type is backed up in full from its row', async (t) => {
  const view = await openView(t, {});
  await view.go();
  await view.page.getByRole('button', { name: 'Back up Brands now' }).click();
  await view.page.getByText('Everything again').click();
  await view.page.getByRole('button', { name: 'Start backup' }).click();
  await view.page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.deepEqual(JSON.parse(view.mock.requests('POST', '/api/v1/backups')[0].body), { store: 'acme', types: ['brands'], full: true });
});

test('a running backup is cancelled after a question', async (t) => {
  const view = await openView(t, {});
  Object.assign(view.mock.status.stores[0], { state: 'running', running: runningNow() });
  await view.go('#/runs');
  await view.page.getByRole('button', { name: 'Cancel', exact: true }).click();
  await view.page.getByRole('button', { name: 'Keep it running' }).click();
  assert.equal(view.mock.requests('POST', '/api/v1/backups/cancel').length, 0);
  await view.page.getByRole('button', { name: 'Cancel', exact: true }).click();
  await view.page.getByRole('button', { name: 'Cancel backup' }).click();
  await view.page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.deepEqual(JSON.parse(view.mock.requests('POST', '/api/v1/backups/cancel')[0].body), { store: 'acme' });
});

test('a backup that is refused keeps the question open and says what, why and what next', async (t) => {
  const view = await openView(t, {});
  view.forgive(/status of 409/);
  view.mock.fail('/api/v1/backups', problem(409, 'the backup was not started', 'the daemon is stopping', 'start it again'));
  await view.go();
  await view.page.getByRole('button', { name: 'Back up now', exact: true }).click();
  await view.page.getByRole('button', { name: 'Start backup' }).click();
  for (const words of ['The backup was not started.', 'The daemon is stopping.', 'Start it again.']) await view.see(words);
  await view.shot('backup-refused', { fullPage: false });
  await view.accessible();
});

test('without the event stream the page asks by itself', async (t) => {
  const view = await openView(t, {});
  view.forgive(/status of 503/);
  view.mock.isStreaming = false;
  await view.go();
  await view.see('Every 5 s');
  view.mock.status.stores[0].verdict.text = 'Told by asking.';
  await view.see('Told by asking.');
});

test('when the daemon goes away the page says so, keeps what it knew, and comes back by itself', async (t) => {
  const view = await openView(t, {});
  view.forgive(/ERR_|Failed to load/);
  const { page, mock } = view;
  await view.go();
  await view.see('Live', { exact: true });
  await mock.stop();
  await view.see('Backstock does not answer.');
  await view.see(/What you see is from \d/);
  await view.see('Your store is protected');
  assert.match(await page.title(), /^\(!\)/);
  assert.equal(await page.locator('#icon').getAttribute('href'), 'favicon-bad.svg');
  await view.shot('daemon-gone');
  await view.accessible();
  mock.status.stores[0].verdict.text = 'Back again.';
  await mock.start();
  await page.getByRole('button', { name: 'Try now' }).click();
  await view.see('Back again.');
  await page.getByRole('alert').waitFor({ state: 'detached' });
});

test('a page that is opened while nothing answers says so and tries again', async (t) => {
  const view = await openView(t, {});
  view.forgive(/ERR_|Failed to load/);
  view.mock.fail('/api/v1/session', 'cut');
  await view.go();
  await view.see('Backstock does not answer.');
  await view.shot('nothing-answers');
  await view.accessible();
  view.mock.heal();
  await view.see('Your store is protected');
});

test('what cannot be loaded says why, and trying again helps', async (t) => {
  const view = await openView(t, {});
  view.forgive(/status of 500/);
  view.mock.fail('/api/v1/types', problem(500, 'the content types could not be read', 'the index is damaged', '“backstock rebuild acme” makes it anew'));
  await view.go();
  await view.see('The index is damaged.');
  await view.shot('types-failed');
  await view.accessible();
  view.mock.heal();
  await view.page.getByRole('button', { name: 'Try again' }).click();
  await view.page.getByRole('link', { name: 'View Products' }).waitFor();
});

test('an answer that is no problem+json is told in plain words', async (t) => {
  const view = await openView(t, {});
  view.forgive(/status of 502/);
  view.mock.fail('/api/v1/runs', { status: 502, raw: '<h1>Bad gateway</h1>', headers: { 'Content-Type': 'text/html' } });
  await view.go('#/runs');
  await view.see('This did not work.');
  await view.see('The answer was 502');
});

test('while answers are slow there are grey lines, and no jump to an error', async (t) => {
  const view = await openView(t, {});
  const held = view.mock.hold('/api/v1/types');
  await view.go();
  await view.page.getByRole('status', { name: 'Loading the content types' }).waitFor();
  await view.shot('loading');
  await view.accessible();
  held.release();
  await view.page.getByRole('link', { name: 'View Products' }).waitFor();
});

test('stores are switched at the top left, and the choice is remembered', async (t) => {
  const view = await openView(t, { world: 'many' });
  const { page } = view;
  await view.go();
  await page.getByRole('button', { name: /^Store:/ }).click();
  await page.getByRole('link', { name: /Globex Kitchen/ }).click();
  await view.see('Backed up, but 301 redirects could not be read.');
  await view.go('#/');
  await view.see('Backed up, but 301 redirects could not be read.');
  await view.go('#/?store=broken');
  await view.see('cannot be read: permission denied');
  assert.ok(await page.getByRole('button', { name: 'Back up now', exact: true }).isDisabled());
  await view.go('#/?store=nobody');
  await view.see('There is no such store');
});
