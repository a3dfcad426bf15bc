// The way in and out: the one-time link, wrong passwords, a session that ends by itself.

import assert from 'node:assert/strict';
import test from 'node:test';
import { openView } from './browser.mjs';
import { LINK, PASSWORD } from './mock_daemon.mjs';

const kRefused = /Failed to load resource: the server responded with a status of (401|403|429)/;

test('the first password is set by the link, which then is gone from the address and the history', async (t) => {
  const view = await openView(t, { session: 'setup' });
  const { page } = view;
  await view.go(`#/setup/${LINK}`);
  const button = page.getByRole('button', { name: 'Set password' });
  const field = page.getByLabel('New password', { exact: true });
  assert.ok(await button.isDisabled());
  await field.fill('tooshort');
  await view.see('2 more to go.');
  assert.ok(await button.isDisabled());
  await field.fill('x'.repeat(201));
  await view.see('1 too many.');
  await field.fill('ten-tenten');
  await button.click();
  await view.see('Your store is protected');
  assert.ok(!page.url().includes(LINK));
  await page.goBack();
  assert.ok(!page.url().includes(LINK));
  assert.deepEqual(JSON.parse(view.mock.requests('POST', '/api/v1/setup')[0].body), { link: LINK, password: 'ten-tenten' });
});

test('a used-up link says what to do', async (t) => {
  const view = await openView(t, { session: 'setup' });
  view.forgive(kRefused);
  await view.go('#/setup/old-link');
  await view.page.getByLabel('New password', { exact: true }).fill('long enough now');
  await view.page.getByRole('button', { name: 'Set password' }).click();
  await view.see('This link is used up or too old.');
  await view.see('backstock admin link');
  await view.accessible();
});

test('a wrong password is told, five make one wait, and the page asked for comes after signing in', async (t) => {
  const view = await openView(t, { session: 'signed_out' });
  view.forgive(kRefused);
  const { page, mock } = view;
  await view.go('#/runs');
  const field = page.getByLabel('Password', { exact: true });
  const button = page.locator('button.primary');
  for (let i = 0; i < 5; ++i) {
    await field.fill('wrong');
    await Promise.all([page.waitForResponse('**/api/v1/session'), button.click()]);
    await view.see('The password is wrong.');
  }
  await view.accessible();
  await field.fill(PASSWORD);
  await button.click();
  await view.see('Wait a minute.');
  assert.ok(await button.isDisabled());
  assert.match(await button.innerText(), /^Wait 4\d s$/);
  mock.wrongPasswords = 0;
  await view.go('#/runs');
  await page.reload();
  await field.fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Runs', exact: true }).waitFor();
  assert.match(page.url(), /#\/runs$/);
});

test('Caps Lock is pointed out, and the password can be shown', async (t) => {
  const view = await openView(t, { session: 'signed_out' });
  await view.go();
  const field = view.page.getByLabel('Password', { exact: true });
  await field.dispatchEvent('keydown', { key: 'A', modifierCapsLock: true });
  await view.see('Caps Lock is on');
  await field.fill('abc');
  assert.equal(await field.getAttribute('type'), 'password');
  await view.page.getByRole('button', { name: 'Show password' }).click();
  assert.equal(await field.getAttribute('type'), 'text');
});

test('a session that has ended asks for the password again and goes on at the same place', async (t) => {
  const view = await openView(t, {});
  view.forgive(kRefused);
  await view.go('#/items?type=products&q=SKU-0001');
  await view.see('SKU-00010');
  view.mock.endSession();
  await view.see('You were signed out, because nothing happened here for 30 minutes.');
  await view.shot('signed-out-by-time');
  await view.page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await view.page.keyboard.press('Enter');
  await view.see('SKU-00010');
});

test('signing out ends the session and forgets what was shown', async (t) => {
  const view = await openView(t, {});
  await view.go();
  await view.see('Your store is protected');
  await view.page.getByRole('button', { name: 'Sign out' }).click();
  await view.page.getByRole('heading', { name: 'Sign in to Backstock' }).waitFor();
  assert.equal(await view.page.getByText('Acme Outdoor').count(), 0);
  assert.equal(view.mock.requests('DELETE', '/api/v1/session')[0].headers['x-backstock-csrf'], 'csrf-of-the-mock');
  view.forgive(kRefused); // the event stream asks once more
});

test('the password is changed in the settings, and a wrong present one is told', async (t) => {
  const view = await openView(t, {});
  view.forgive(kRefused);
  await view.go('#/settings');
  await view.page.getByLabel('Present password', { exact: true }).fill('not this');
  await view.page.getByLabel('New password', { exact: true }).fill('a longer new one');
  await view.page.getByRole('button', { name: 'Change password' }).click();
  await view.see('The present password is another one.');
  await view.page.getByLabel('Present password', { exact: true }).fill(PASSWORD);
  await view.page.getByRole('button', { name: 'Change password' }).click();
  await view.see('The password has been changed.');
});

test('a token is made, shown once, and revoked after a question', async (t) => {
  const view = await openView(t, {});
  const { page } = view;
  await view.go('#/settings');
  await page.getByLabel('New token for').fill('Deploy <b>script</b>');
  await page.getByRole('radio', { name: 'Operate' }).check();
  await view.see('May look, and start and cancel backups.');
  await page.getByRole('button', { name: 'Make token' }).click();
  await view.see('bk_0123456789abcdefghijklmnopqrstuvwxyzABCDEF');
  await view.accessible();
  await page.getByRole('button', { name: 'Revoke Deploy <b>script</b>' }).click();
  await view.see('It cannot be brought back.');
  await page.getByRole('button', { name: 'Revoke token' }).click();
  await page.getByRole('button', { name: 'Revoke Deploy <b>script</b>' }).waitFor({ state: 'detached' });
  assert.equal(await page.getByText('bk_0123').count(), 0);
  assert.deepEqual(view.mock.requests('DELETE', '/api/v1/tokens')[0].query, { id: 't2' });
});
