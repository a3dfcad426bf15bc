// A text in all fields: what is found comes as it is found, leads to its item, and the end says what was read.

import assert from 'node:assert/strict';
import test from 'node:test';
import { openView } from './browser.mjs';
import { problem } from './mock_daemon.mjs';

test('a text is found in any field, marked, and leads to the version it stands in', async (t) => {
  const view = await openView(t, {});
  const { page } = view;
  await view.go('#/search');
  await page.getByRole('searchbox').fill('CAMP CHAIR 13');
  await page.getByRole('searchbox').press('Enter');
  await page.waitForURL(/q=CAMP\+CHAIR\+13/);
  await view.see('of versions read');
  assert.equal(await page.locator('mark').first().innerText(), 'camp chair 13');
  await view.accessible();
  await page.getByRole('link', { name: 'Product 13', exact: true }).click();
  await page.waitForURL(/#\/item\?.*id=13.*version=1/);
  await page.goBack();
  await page.getByLabel('Content type').selectOption('brands');
  await page.waitForURL(/type=brands/);
  await view.see('Nothing found');
  assert.equal(view.mock.requests('GET', '/api/v1/search').at(-1).query.type, 'brands');
});

test('what was found before the end is shown at once; a stop says that not everything was read', async (t) => {
  const view = await openView(t, {});
  await view.go('#/search?q=endless');
  await view.see('looked through');
  await view.page.getByRole('button', { name: 'Stop' }).click();
  await view.see('not everything was read');
  assert.equal(await view.page.getByRole('button', { name: 'Stop' }).count(), 0);
});

test('what could not be read is told, and a refusal in the daemon’s words', async (t) => {
  const view = await openView(t, {});
  await view.go('#/search?q=chair&versions=all');
  await view.see('Not read: pack 00000001.pack.zst');
  view.forgive(/status of 503/);
  view.mock.fail('/api/v1/search', problem(503, 'the search cannot begin', 'another search runs', 'wait until it has ended'));
  await view.page.getByRole('button', { name: 'Search', exact: true }).click();
  await view.see('Another search runs');
  view.mock.heal();
  await view.page.getByRole('button', { name: 'Try again' }).click();
  await view.see('of versions read');
});
