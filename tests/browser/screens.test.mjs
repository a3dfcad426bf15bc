// Every screen, on a phone and on a desk, light and dark: accessible, within its width, without a complaint. The
// screenshots are for people to look at.

import assert from 'node:assert/strict';
import test from 'node:test';
import { kLooks, openView } from './browser.mjs';
import { LINK } from './mock_daemon.mjs';
import { runningNow } from './mock_worlds.mjs';

const kScreens = [
  { name: 'setup', session: 'setup', hash: `#/setup/${LINK}`, sees: 'Welcome to Backstock' },
  { name: 'needs-link', session: 'setup', hash: '', sees: 'backstock admin link' },
  { name: 'sign-in', session: 'signed_out', hash: '', sees: 'Forgotten the password?' },
  { name: 'dashboard', hash: '', sees: 'Your store is protected' },
  { name: 'dashboard-empty', world: 'empty', hash: '', sees: 'No backup has run yet' },
  { name: 'dashboard-settings', hash: '#/?group=settings', sees: '301 redirects' },
  { name: 'items-choose', hash: '#/items', sees: 'Category trees' },
  { name: 'items', hash: '#/items?type=products&deleted=include&sort=id', sees: '1 to 50' },
  { name: 'items-none', hash: '#/items?type=products&q=zzz', sees: 'Nothing begins with' },
  { name: 'items-empty', world: 'empty', hash: '#/items?type=products', sees: 'Your store has no|in the backup yet' },
  { name: 'item', hash: '#/item?type=products&id=7', sees: 'differ' },
  { name: 'item-all-fields', hash: '#/item?type=products&id=7&version=44&all=1', sees: 'Same number, written differently' },
  { name: 'item-gone', hash: '#/item?type=products&id=13', sees: 'Deleted in your store' },
  { name: 'item-source', hash: '#/item?type=products&id=7&view=source', sees: '12345678901234567890' },
  { name: 'search', hash: '#/search?q=camp+chair+1&versions=all', sees: 'of versions read' },
  { name: 'search-none', hash: '#/search?q=zzzz', sees: 'Nothing found' },
  { name: 'runs', hash: '#/runs', sees: 'Show older runs' },
  { name: 'run', hash: '#/run?run=01JCN6Q8W0X4Y5Z6A7B8C9D1001', sees: 'By content type' },
  { name: 'settings', hash: '#/settings', sees: 'Uptime monitor' },
  { name: 'not-found', hash: '#/nowhere', sees: 'There is no page at this address' },
];

for (const look of kLooks) {
  for (const { name, hash, sees, ...world } of kScreens) {
    test(`${name} on a ${look.size}, ${look.theme}`, async (t) => {
      const view = await openView(t, { ...world, ...look });
      await view.go(hash);
      await view.see(new RegExp(sees));
      await view.settled();
      await view.noOverflow();
      await view.shot(name);
      await view.accessible();
    });
  }

  test(`a running backup on a ${look.size}, ${look.theme}`, async (t) => {
    const view = await openView(t, look);
    Object.assign(view.mock.status.stores[0], { state: 'running', running: runningNow(), waiting: 1 });
    await view.go();
    await view.see('120 of 311 read');
    await view.settled();
    await view.noOverflow();
    await view.shot('running');
    await view.accessible();
    assert.match(await view.page.title(), /^38% · Dashboard/);
  });

  test(`the questions before a backup, and before one is cancelled, on a ${look.size}, ${look.theme}`, async (t) => {
    const view = await openView(t, look);
    Object.assign(view.mock.status.stores[0], { state: 'running', running: runningNow() });
    await view.go();
    await view.settled();
    await view.page.getByRole('button', { name: 'Back up now', exact: true }).click();
    await view.see('it changes nothing there');
    await view.shot('ask-backup', { fullPage: false });
    await view.accessible();
    await view.page.keyboard.press('Escape');
    await view.page.getByRole('button', { name: 'Cancel', exact: true }).click();
    await view.see('What has been stored so far stays');
    await view.shot('ask-cancel', { fullPage: false });
    await view.accessible();
  });

  test(`a store in trouble among several, on a ${look.size}, ${look.theme}`, async (t) => {
    const view = await openView(t, { world: 'many', ...look });
    await view.go('#/?store=initech');
    await view.settled();
    await view.page.getByRole('button', { name: /^Store:/ }).click();
    await view.shot('many-stores');
    await view.noOverflow();
    await view.accessible();
    assert.match(await view.page.title(), /^\(!\) Dashboard – initech/);
    assert.equal(await view.page.locator('#icon').getAttribute('href'), 'favicon-bad.svg');
  });
}
