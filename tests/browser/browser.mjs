// A page in Debian's Chromium, watched: whatever the console complains of, and every request to another origin, fails the
// test that caused it. Accessibility by axe; screenshots for people to look at.
//
//   test('a sentence', async (t) => {
//     const view = await openView(t, { world: 'normal', size: 'phone', theme: 'dark' });
//     await view.go('#/items?type=products');
//     await view.accessible();
//     await view.shot('items');
//   });
//
// Environment: BACKSTOCK_PAGE (the built page; else it is built), BACKSTOCK_BROWSER_MODULES (a folder with node_modules;
// else this one), BACKSTOCK_SHOTS (where screenshots go), BACKSTOCK_CHROMIUM (else /usr/bin/chromium).

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startMock } from './mock_daemon.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
export const sourceDir = path.resolve(here, '../..');
const modules = createRequire(path.join(process.env.BACKSTOCK_BROWSER_MODULES ?? here, 'package.json'));
const { chromium } = modules('playwright-core');
const axeSource = fs.readFileSync(modules.resolve('axe-core/axe.min.js'), 'utf8');
export const shotsDir = process.env.BACKSTOCK_SHOTS ?? path.join(os.tmpdir(), 'backstock-shots');

export const kSizes = { phone: { width: 390, height: 844 }, desk: { width: 1440, height: 900 } };
export const kThemes = ['light', 'dark'];

let built;
/** The folder of the built page. */
export function pageDir() {
  if (process.env.BACKSTOCK_PAGE) return process.env.BACKSTOCK_PAGE;
  if (!built) {
    built = fs.mkdtempSync(path.join(os.tmpdir(), 'backstock-dist-'));
    execFileSync(process.execPath, [path.join(sourceDir, 'webui/build.mjs'), '--out', built]);
    process.on('exit', () => fs.rmSync(built, { recursive: true, force: true }));
  }
  return built;
}

let launched;
/** One browser for the file's tests. */
export function browser() {
  launched ??= chromium.launch({
    executablePath: process.env.BACKSTOCK_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  return launched;
}
after(async () => (await launched)?.close());

export class View {
  constructor(page, origin, { size, theme }) {
    Object.assign(this, { page, origin, size, theme, complaints: [], requested: new Set(), forgiven: [] });
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.complaints.push(`${message.type()}: ${message.text()}`);
    });
    page.on('pageerror', (error) => this.complaints.push(`uncaught: ${error.message}`));
    page.on('request', (request) => this.requested.add(request.url()));
  }
  /** Complaints of this form belong to the test: the browser tells of every answer that is an error. */
  forgive(pattern) {
    this.forgiven.push(pattern);
  }
  async go(hash = '') {
    await this.page.goto(`${this.origin}/${hash}`);
    await this.page.locator('h1').first().waitFor({ state: 'attached' });
  }
  /** Waits until nothing is being loaded. */
  async settled() {
    await this.page.waitForFunction(() => !document.querySelector('.skeleton, [data-busy="true"]'));
  }
  see(text, options) {
    return this.page.getByText(text, options).first().waitFor();
  }
  async noOverflow() {
    const [inner, scroll] = await this.page.evaluate(() => [document.documentElement.clientWidth, document.documentElement.scrollWidth]);
    assert.ok(scroll <= inner, `the page is ${scroll} px wide on a screen of ${inner} px`);
  }
  async accessible() {
    await this.page.evaluate(axeSource);
    const { violations } = await this.page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
    const told = violations.map((one) => `${one.id} (${one.impact}): ${one.help}\n${one.nodes.map((node) => `    ${node.target} ${node.failureSummary}`).join('\n')}`);
    assert.deepEqual(told, []);
  }
  async shot(name, options = {}) {
    fs.mkdirSync(shotsDir, { recursive: true });
    await this.page.screenshot({ path: path.join(shotsDir, `${name}-${this.size}-${this.theme}.png`), fullPage: true, animations: 'disabled', ...options });
  }
  /** No complaint, no request to another origin. */
  clean() {
    const foreign = [...this.requested].filter((url) => !url.startsWith(`${this.origin}/`));
    assert.deepEqual(foreign, [], 'requests to other origins');
    assert.deepEqual(
      this.complaints.filter((complaint) => !this.forgiven.some((pattern) => pattern.test(complaint))),
      [],
      'complaints in the console',
    );
  }
}

/**
 * A page, watched. What it saw is looked at when the test ends; `then` comes after that. The origin may be told later
 * (`view.origin = ...`): what a test starts is ended in the order of its starting, and the page must go first.
 */
export async function openPage(t, origin, { size = 'desk', theme = 'light', then, ...options } = {}) {
  const context = await (await browser()).newContext({
    viewport: kSizes[size],
    colorScheme: theme,
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    reducedMotion: 'reduce',
    ...options,
  });
  context.setDefaultTimeout(15_000);
  const view = new View(await context.newPage(), origin, { size, theme });
  t.after(async () => {
    await context.close();
    await then?.();
    view.clean();
  });
  return view;
}

/** The page of a mock daemon. `view.mock` is it. */
export async function openView(t, { world, session, ...options } = {}) {
  const mock = await startMock({ page: pageDir(), world, session });
  const view = await openPage(t, mock.origin, { ...options, then: () => mock.stop() });
  view.mock = mock;
  return view;
}

/** Every size in every theme. */
export const kLooks = Object.keys(kSizes).flatMap((size) => kThemes.map((theme) => ({ size, theme })));
