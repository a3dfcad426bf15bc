// End to end: the real program with the page inside it, a simulated store, a real browser. The way of a first day: the
// printed link, the first backup, an edit in the store, and what the page makes of it. The picture for the README is taken
// here, from the real dashboard (BACKSTOCK_ACCEPT=1 puts it into webui/screenshot.png).

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { openHouse, PASSWORD, until } from '../integration/harness.mjs';
import { openPage, shotsDir, sourceDir } from './browser.mjs';

const kLargestPicture = 150_000;

async function firstDay(t, { products = 60, ...options } = {}) {
  const view = await openPage(t, null, { permissions: ['clipboard-read', 'clipboard-write'] });
  const house = await openHouse(t, { store: { products, brands: 8, categories: 10, ...options } });
  const daemon = await house.serve();
  const link = await until(() => /link=(\S+)/.exec(daemon.log)?.[1], 'the daemon printed the link');
  view.origin = new URL(link).origin;
  await view.page.goto(link);
  await view.page.getByLabel('New password', { exact: true }).fill(PASSWORD);
  await view.page.getByRole('button', { name: 'Set password' }).click();
  await view.see('Live', { exact: true });
  return { house, daemon, view, page: view.page };
}

async function backUp(page, { everything = false } = {}) {
  await page.getByRole('button', { name: 'Back up now', exact: true }).click();
  if (everything) await page.getByRole('radio', { name: /^Everything again/ }).check();
  await page.getByRole('button', { name: 'Start backup' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

/** The dashboard shows so many finished runs, and none under way. */
async function runsAreDone(page, count) {
  await page.waitForFunction(
    (wanted) =>
      !document.querySelector('.running-now') &&
      [...document.querySelectorAll('table[aria-label="Runs"] tbody tr')].filter((row) => row.textContent.includes('Done')).length === wanted,
    count,
    { timeout: 60_000 },
  );
}

test('from the printed link to the change of a product', async (t) => {
  const { house, view, page } = await firstDay(t);
  await view.see('There is no backup yet.');
  await view.settled();
  await view.accessible();
  await backUp(page);
  await runsAreDone(page, 1);
  await view.see('Everything is backed up');
  await view.settled();
  await view.noOverflow();
  await view.accessible();
  await view.shot('real-dashboard');

  const [id] = await house.store.ids('products');
  await house.store.edit('products', id, { name: 'Renamed in the store', price: '17.5000' });
  await backUp(page);
  await runsAreDone(page, 2);

  await page.getByRole('link', { name: 'View Products' }).click();
  await page.getByRole('searchbox').fill('renamed in');
  await page.getByRole('link', { name: 'Renamed in the store' }).click();
  await page.getByRole('columnheader', { name: /^Current version version 2/ }).waitFor();
  await page.getByRole('row', { name: /^Name Changed/ }).getByText('Renamed in the store').waitFor();
  await page.getByRole('row', { name: /^Price Changed/ }).getByText('17.5').first().waitFor();
  await view.settled();
  await view.noOverflow();
  await view.accessible();
  await view.shot('real-item');
  await page.getByText('View change only').click();
  await view.settled();
  await view.shot('real-item-all');
  await page.getByRole('tab', { name: 'Source (JSON)' }).click();
  const source = page.getByRole('region', { name: /^Source of version 1/ });
  await source.waitFor();
  assert.match((await source.innerText()).replace(/\s/g, ''), new RegExp(`^{"id":${id},"name":`));
  await page.getByText('Copy', { exact: true }).click();
  await view.see('Copied');
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  const line = house.lines().find((one) => one.type === 'products' && one.id === String(id) && one.version === 1);
  assert.equal(copied, line.item.toString());
  await view.shot('real-source');

  await house.store.delete('products', id);
  await page.getByRole('link', { name: 'Dashboard' }).click();
  await backUp(page, { everything: true });
  await runsAreDone(page, 3);
  await page.getByRole('link', { name: 'View Products' }).click();
  await page.getByRole('radio', { name: 'Deleted' }).check();
  await page.getByRole('link', { name: 'Renamed in the store' }).click();
  await view.see('Deleted in your store.');
  await view.accessible();
  await view.shot('real-gone');
  await page.getByRole('link', { name: 'Search', exact: true }).click();
  await page.getByRole('searchbox').fill('renamed IN the');
  await page.getByRole('searchbox').press('Enter');
  await page.getByRole('row', { name: `Product ${id} 2 name Renamed in the store` }).waitFor();
  await view.see('of versions read');
  await view.accessible();
  await page.getByRole('link', { name: 'Runs', exact: true }).click();
  await page.getByRole('link', { name: /backup|Backup/ }).first().click();
  await view.see('By content type');
  await view.settled();
  await view.accessible();
  await view.shot('real-run');
});

test('every list of the real registry opens, and every first item in it', async (t) => {
  const { house, view, page } = await firstDay(t, { products: 12 });
  await house.backup();
  await page.reload();
  await runsAreDone(page, 1);
  await view.go('#/items');
  const links = page.locator('.type-cards a');
  await links.first().waitFor();
  const addresses = await links.evaluateAll((all) => all.map((a) => a.getAttribute('href')));
  assert.ok(addresses.length >= 4);
  for (const address of addresses) {
    await view.go(address);
    await view.settled();
    await view.noOverflow();
    assert.equal(await page.getByRole('alert').count(), 0, address);
    const first = page.locator('tbody [data-as=start] a').first();
    if ((await first.count()) === 0) continue;
    await first.click();
    await page.locator('.item-versions').waitFor();
    await view.settled();
    await view.noOverflow();
    assert.equal(await page.getByRole('alert').count(), 0, page.url());
  }
});

test('a backup is watched and cancelled while it runs, and a daemon that stops is noticed', async (t) => {
  const { house, daemon, view, page } = await firstDay(t, { products: 150 });
  view.forgive(/ERR_|Failed to load/);
  // So slow that it cannot end before a busy machine has drawn it and found the button.
  await house.store.trouble({ path_regex: '^/v3/catalog/products$', query_regex: 'id:in=' }, { delay_ms: 1500 });
  await backUp(page);
  await page.getByText(/of 150 read/).waitFor();
  await view.shot('real-running');
  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  await page.getByRole('button', { name: 'Cancel backup' }).click();
  await page.getByRole('row', { name: /Cancelled/ }).waitFor();
  await house.store.calm();
  await daemon.stop();
  await view.see('Backstock does not answer.');
});

test('the picture for the README', async (t) => {
  const { house, view, page } = await firstDay(t, {
    products: 300, categories: 40, brands: 24, customers: 120, customerGroups: 4, orders: 80, pages: 8, blogPosts: 6, redirects: 12, promotions: 6, priceLists: 3, priceRecords: 20,
  });
  await backUp(page);
  await runsAreDone(page, 1);
  for (const id of (await house.store.ids('products')).slice(0, 12)) await house.store.edit('products', id, { price: '17.5000' });
  await backUp(page);
  await runsAreDone(page, 2);
  await view.settled();
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.mouse.move(0, 0);
  const picture = await page.screenshot({ animations: 'disabled' });
  assert.ok(picture.length < kLargestPicture, `${picture.length} bytes`);
  fs.mkdirSync(shotsDir, { recursive: true });
  fs.writeFileSync(path.join(shotsDir, 'screenshot.png'), picture);
  const kept = path.join(sourceDir, 'webui/screenshot.png');
  if (process.env.BACKSTOCK_ACCEPT === '1') fs.writeFileSync(kept, picture);
  assert.ok(fs.existsSync(kept), `${kept} is missing: run this once with BACKSTOCK_ACCEPT=1`);
});
