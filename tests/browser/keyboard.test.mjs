// The main path without a mouse: sign in, look, back up, find a product, compare its versions, sign out.

import assert from 'node:assert/strict';
import test from 'node:test';
import { openView } from './browser.mjs';
import { PASSWORD } from './mock_daemon.mjs';

/** Presses Tab until the element with that accessible name has the focus. */
async function tabTo(page, role, name, most = 60) {
  const wanted = page.getByRole(role, { name }).first();
  for (let i = 0; i < most; ++i) {
    await page.keyboard.press('Tab');
    if (await wanted.evaluate((element) => element === document.activeElement).catch(() => false)) return;
  }
  assert.fail(`Tab did not reach the ${role} ${name}`);
}

/** What has the focus shows it. */
async function focusIsSeen(page) {
  const seen = await page.evaluate(() => {
    const element = document.activeElement;
    const shown = element.matches('input[type=radio], input[role=switch]') ? element.nextElementSibling : element;
    return getComputedStyle(shown).outlineStyle !== 'none';
  });
  assert.ok(seen, 'the focus cannot be seen');
}

test('the whole path by keyboard', async (t) => {
  const view = await openView(t, { session: 'signed_out' });
  const { page, mock } = view;
  await view.go();
  await page.waitForFunction(() => document.activeElement?.matches('input[autocomplete=current-password]'));
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');
  await view.see('Your store is protected');
  await view.settled();

  await page.keyboard.press('Tab');
  await page.waitForFunction(() => document.activeElement?.textContent === 'Skip to content');
  await focusIsSeen(page);
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.activeElement?.id === 'main');

  await tabTo(page, 'button', /^Back up now$/);
  await focusIsSeen(page);
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.match(await page.evaluate(() => document.activeElement.textContent), /Back up now/, 'the focus is back where it was');
  await page.keyboard.press('Enter');
  await tabTo(page, 'button', 'Start backup', 10);
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.equal(mock.requests('POST', '/api/v1/backups').length, 1);

  await tabTo(page, 'tab', /^Catalogue/);
  await focusIsSeen(page);
  await page.keyboard.press('ArrowRight');
  await page.waitForURL(/group=customer/);
  await page.keyboard.press('End');
  await page.waitForURL(/group=settings/);
  await page.keyboard.press('Home');
  await tabTo(page, 'link', 'View Products');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Products', exact: true }).waitFor();
  await page.waitForFunction(() => document.activeElement?.tagName === 'H1');
  await view.settled();

  await tabTo(page, 'searchbox', /Search/);
  await page.keyboard.type('Canvas jacket');
  await page.keyboard.press('Enter');
  await page.waitForURL(/q=Canvas/);
  await view.settled();
  await tabTo(page, 'radio', 'Present');
  await focusIsSeen(page);
  await page.keyboard.press('ArrowRight');
  await page.waitForURL(/deleted=only/);
  await page.keyboard.press('ArrowLeft');
  await page.waitForURL((url) => !url.hash.includes('deleted='));
  await view.settled();
  await tabTo(page, 'link', 'Canvas jacket 7');
  await page.keyboard.press('Enter');
  await view.see('5 fields differ.');

  await tabTo(page, 'link', /Version 47/);
  await focusIsSeen(page);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByRole('columnheader', { name: /^Selected version version 45/ }).waitFor();
  await tabTo(page, 'switch', 'View change only', 120);
  await focusIsSeen(page);
  await page.keyboard.press('Space');
  await page.waitForURL(/all=1/);

  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('ArrowRight');
  await page.waitForURL(/view=source/);
  await tabTo(page, 'region', /^Source of version/);
  await focusIsSeen(page);

  await tabTo(page, 'button', 'Sign out', 150);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Sign in to Backstock' }).waitFor();
  view.forgive(/status of 401/);
});

test('the store switch opens, moves and closes by keyboard', async (t) => {
  const view = await openView(t, { world: 'many' });
  const { page } = view;
  await view.go();
  await tabTo(page, 'button', /^Store:/);
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.waitForFunction(() => document.activeElement?.textContent.includes('Globex'));
  await focusIsSeen(page);
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-expanded') === 'false');
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowUp');
  await page.waitForFunction(() => document.activeElement?.textContent.includes('Broken'));
  await page.keyboard.press('Enter');
  await view.see('The backup of this store cannot be opened.');
});

test('the colours are chosen in the settings, kept, and followed by every page', async (t) => {
  const view = await openView(t, { theme: 'light' });
  const { page } = view;
  const themeIs = (wanted) => page.waitForFunction((theme) => document.documentElement.dataset.theme === theme, wanted);
  await view.go('#/settings');
  await themeIs('light');
  await tabTo(page, 'radio', 'As the device');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await themeIs('dark');
  await page.reload();
  await themeIs('dark');
  await page.getByRole('radio', { name: 'As the device' }).check();
  await themeIs('light');
  await page.emulateMedia({ colorScheme: 'dark' });
  await themeIs('dark');
});
