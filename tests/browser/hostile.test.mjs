// Whatever a store calls its things: shown as text, never run, never out of its place.

import assert from 'node:assert/strict';
import test from 'node:test';
import { kLooks, openView } from './browser.mjs';

const kScreens = {
  dashboard: '',
  items: '#/items?type=products&sort=id&deleted=include',
  customers: '#/items?type=customers&sort=id',
  item: '#/item?type=products&id=2&all=1',
  'item-long': '#/item?type=products&id=10&all=1',
  'item-bidi': '#/item?type=products&id=5',
  source: '#/item?type=products&id=1&view=source',
  run: '#/run?run=01JCN6Q8W0X4Y5Z6A7B8C9D1001',
};

for (const look of kLooks) {
  for (const [name, hash] of Object.entries(kScreens)) {
    test(`hostile data in ${name} on a ${look.size}, ${look.theme}`, async (t) => {
      const view = await openView(t, { world: 'hostile', ...look });
      await view.go(hash);
      await view.settled();
      await view.noOverflow();
      await view.accessible();
      await view.shot(`hostile-${name}`);
      assert.deepEqual(
        await view.page.evaluate(() => ({
          owned: globalThis.owned,
          made: document.querySelectorAll('#app img, #app script, #app iframe, #app b, #app object').length,
          links: [...document.querySelectorAll('#app a')].filter((a) => !['http:', 'https:'].includes(a.protocol) || a.origin !== location.origin).length,
        })),
        { owned: undefined, made: 0, links: 0 },
      );
      assert.doesNotMatch(await view.page.title(), /^owned/);
    });
  }
}

test('a megabyte of text is cut with a way to see the rest, and the page stays quick', async (t) => {
  const view = await openView(t, { world: 'hostile' });
  const { page } = view;
  await view.go('#/item?type=products&id=1&view=source');
  await page.getByRole('button', { name: /show all 1,\d{3},\d{3} characters/ }).click();
  await view.see('The first 200,000 of 1,');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await view.see('U+202E');
  await view.go('#/item?type=products&id=1');
  await view.see(/The first part of 1,\d{3},\d{3} characters/);
  await view.page.getByRole('button', { name: 'show all 2,000 characters' }).first().click();
  await view.page.getByRole('button', { name: 'show less' }).waitFor();
});
