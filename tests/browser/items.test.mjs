// Finding an item, looking at its versions, comparing, reading the source; with very many and very large ones.

import assert from 'node:assert/strict';
import test from 'node:test';
import { openView } from './browser.mjs';

test('items are searched by how they begin, filtered and ordered, and the address says it all', async (t) => {
  const view = await openView(t, {});
  const { page } = view;
  await view.go('#/items?type=products');
  await page.getByRole('searchbox').fill('sku-0001');
  await page.waitForURL(/q=sku-0001/);
  await page.getByRole('link', { name: 'Waxed camp chair 10', exact: true }).waitFor();
  await view.settled();
  assert.equal(await page.getByRole('row').count(), 1 + 9); // 10 to 19, but 13, which is deleted
  await page.getByRole('radio', { name: 'All' }).check();
  await page.getByRole('link', { name: 'Recycled camp chair 13' }).waitFor();
  await page.getByRole('row', { name: /Recycled camp chair 13/ }).getByText('Deleted').waitFor();
  await page.getByLabel('Order').selectOption('-id');
  await page.waitForURL(/sort=-id/);
  const address = page.url();
  await page.goto('about:blank');
  await page.goto(address);
  await view.settled();
  assert.equal(await page.getByRole('row').count(), 1 + 10);
  assert.match(await page.getByRole('rowheader').first().innerText(), /camp chair 19/);
  assert.equal(await page.getByRole('searchbox').inputValue(), 'sku-0001');
  await page.getByRole('searchbox').press('Escape');
  await page.waitForURL((url) => !url.hash.includes('q='));
});

test('500,000 items are walked page by page, forth and back, in a small document', async (t) => {
  const view = await openView(t, { world: 'huge' });
  const { page } = view;
  await view.go('#/items?type=products&sort=id');
  await view.see('1 to 50 of 487,500');
  for (let i = 2; i <= 4; ++i) {
    await page.getByRole('link', { name: 'Next 50' }).click();
    await view.see(`${(i - 1) * 50 + 1} to ${i * 50} of 487,500`);
  }
  await view.settled();
  const third = await page.getByRole('rowheader').first().innerText();
  assert.ok((await page.locator('*').count()) < 3000);
  await page.getByRole('link', { name: 'Previous 50' }).click();
  await view.see('101 to 150 of 487,500');
  await page.goBack();
  await view.see('151 to 200 of 487,500');
  await view.settled();
  assert.equal(await page.getByRole('rowheader').first().innerText(), third);
  await page.reload();
  await view.see('151 to 200 of 487,500');
  assert.equal(await page.getByRole('link', { name: 'Previous 50' }).count(), 0);
  await page.getByRole('link', { name: 'First page' }).click();
  await view.see('1 to 50 of 487,500');
  await page.getByRole('searchbox').fill('499999');
  await view.see('Quilted compass 499999');
  assert.ok(view.mock.requests('GET', '/api/v1/items').every((one) => Number(one.query.limit) <= 200));
});

test('the last change is what one sees first; any version is put beside the current one, or the one before it', async (t) => {
  const view = await openView(t, {});
  const { page } = view;
  await view.go('#/item?type=products&id=7');
  await view.see('5 fields differ.');
  await page.getByRole('columnheader', { name: /^Current version version 47/ }).waitFor();
  await page.getByRole('columnheader', { name: /^Selected version version 46/ }).waitFor();
  assert.equal(await page.getByText('Same number, written differently').count(), 0);
  const price = page.getByRole('row', { name: /^Price/ });
  await price.getByText('Changed').waitFor();
  await page.getByText('View change only').click();
  await view.see('Same number, written differently');
  await view.see('Changes by itself');
  await page.getByRole('link', { name: /Version 44/ }).click();
  await page.getByRole('columnheader', { name: /^Selected version version 44/ }).waitFor();
  await page.getByRole('button', { name: 'See what version 44 changed' }).click();
  await page.getByRole('columnheader', { name: /^Version 43/ }).waitFor();
  assert.match(page.url(), /version=44.*all=1|all=1.*version=44/);
  await page.getByRole('button', { name: 'Compare version 44 with the current one' }).click();
  await page.getByRole('columnheader', { name: /^Current version/ }).waitFor();
  await page.getByRole('link', { name: /Version 47/ }).click();
  await view.see('This is the current version.');
  const before = await page.getByRole('link', { name: /^Version \d+/ }).count();
  assert.equal(before, 20);
  await page.getByRole('button', { name: 'Show older versions' }).click();
  await page.getByRole('link', { name: /Version 27/ }).waitFor();
  await page.getByRole('button', { name: 'Show older versions' }).click();
  await page.getByRole('link', { name: /^Version 1 / }).waitFor();
  assert.equal(await page.getByRole('link', { name: /^Version \d+/ }).count(), 47);
});

test('differences inside a long text are marked word by word', async (t) => {
  const view = await openView(t, {});
  await view.go('#/item?type=products&id=7');
  const marks = view.page.getByRole('row', { name: /^Description/ }).locator('mark');
  await marks.nth(1).waitFor();
  assert.deepEqual(await marks.allInnerTexts(), ['hidden', 'concealed']);
});

test('a deleted item says so, and shows its last version', async (t) => {
  const view = await openView(t, {});
  const { page } = view;
  await view.go('#/item?type=products&id=13');
  await view.see('Deleted in your store.');
  await page.getByRole('columnheader', { name: /^Last version before deletion/ }).waitFor();
  await page.getByRole('link', { name: /Deleted in the store/ }).click();
  await view.see('At this moment the item was found deleted in the store');
  await page.getByRole('button', { name: 'Show the last version before it' }).click();
  await view.see('This is the last version before the deletion.');
});

test('an item of 2,000 fields stays in hand', async (t) => {
  const view = await openView(t, {});
  await view.go('#/item?type=products&id=3&all=1');
  await view.see('150 of 2,023 fields');
  await view.page.getByRole('button', { name: 'Show more fields' }).click();
  await view.see('650 of 2,023 fields');
  await view.see('412 more fields not shown here');
});

test('the source shows every digit as the store sent it, and copies and downloads the same bytes', async (t) => {
  const view = await openView(t, { permissions: ['clipboard-read', 'clipboard-write'] });
  const { page } = view;
  await view.go('#/item?type=products&id=7&view=source&version=45');
  for (const exact of ['1.2000', '12345678901234567890', '1E-07', '-0', '"\\/jacket\\/"']) await view.see(exact, { exact: true });
  await page.getByRole('button', { name: 'Copy the source' }).or(page.getByText('Copy', { exact: true })).first().click();
  const sent = await (await page.request.get(`${view.origin}/api/v1/source?store=acme&type=products&id=7&version=45&parts=0`)).text();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), sent);
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download' }).click()]);
  assert.equal(download.suggestedFilename(), 'products-45.json');
  await page.getByText('With the parts kept beside it').click();
  await view.see('"parts"', { exact: true });
});

test('a source of 240,000 lines keeps a small document and scrolls to its end', async (t) => {
  const view = await openView(t, {});
  const { page } = view;
  await view.go('#/item?type=products&id=2&view=source');
  const source = page.getByRole('region', { name: /^Source of version/ });
  await source.waitFor();
  assert.ok((await page.locator('.source-line').count()) < 200);
  await source.evaluate((element) => (element.scrollTop = element.scrollHeight));
  await view.see('"row 59999"');
  assert.ok((await page.locator('.source-line').count()) < 200);
});

test('items whose ids hold slashes and marks of addresses are found and opened', async (t) => {
  const view = await openView(t, {});
  await view.go('#/items?type=redirects&sort=id');
  await view.page.getByRole('link', { name: '/old/camp-chair-10', exact: true }).or(view.page.getByText('a/b?c=10&d')).first().waitFor();
  await view.page.getByRole('row', { name: /a\/b\?c=10&d/ }).getByRole('link').click();
  await view.page.locator('.item-line code', { hasText: 'a/b?c=10&d' }).waitFor();
});

test('what there is not is said plainly', async (t) => {
  const view = await openView(t, {});
  view.forgive(/status of 404/);
  await view.go('#/item?type=products&id=999999');
  await view.see('The item could not be shown.');
  await view.go('#/items?type=carts');
  await view.see('This version does not know such a content type');
  await view.go('#/run?run=nothing');
  await view.see('The run could not be shown.');
});

test('a run shows its types and where each problem was', async (t) => {
  const view = await openView(t, {});
  await view.go('#/runs');
  await view.page.getByRole('link', { name: 'Backup of changes' }).nth(1).click();
  await view.see('Redirect 14: the answer ended in the middle');
  await view.see('Held back');
  await view.page.getByRole('link', { name: 'Runs' }).last().click();
  await view.page.getByRole('button', { name: 'Show older runs' }).click();
  await view.page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 50);
  await view.page.getByRole('button', { name: 'Show older runs' }).click();
  await view.page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 61);
  assert.equal(await view.page.getByRole('button', { name: 'Show older runs' }).count(), 0);
});
