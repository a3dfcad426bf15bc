// Builds the page.
//
//   node build.mjs --out DIR            index.html, app.js, app.css and the icons as flat files, ready to embed
//   node build.mjs --out DIR --watch    and again at every change
//   node build.mjs --test [NAME]        the tests beside the sources (src/**/*.test.ts), by Node's own runner
//
// Needs `npm ci` first. It fails when the page has outgrown its budget: what a first visit loads, compressed.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import * as esbuild from 'esbuild';

const kBudgetBytes = 90_000;
const kHere = path.dirname(fileURLToPath(import.meta.url));
const kCopied = ['index.html', 'favicon.svg', 'favicon-notice.svg', 'favicon-bad.svg'];
const kFirstLoad = ['index.html', 'app.js', 'app.css', 'favicon.svg'];

function pageOptions(out) {
  return {
    absWorkingDir: kHere,
    entryPoints: { app: 'src/main.tsx' },
    bundle: true,
    outdir: out,
    format: 'esm',
    target: ['chrome109', 'firefox115', 'safari16.4'],
    minify: true,
    legalComments: 'none',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    charset: 'utf8',
    logLevel: 'warning',
  };
}

function copyFiles(out) {
  fs.mkdirSync(out, { recursive: true });
  for (const name of kCopied) fs.copyFileSync(path.join(kHere, name), path.join(out, name));
}

function checkBudget(out) {
  const size = (name) => gzipSync(fs.readFileSync(path.join(out, name)), { level: 9 }).length;
  const total = kFirstLoad.reduce((sum, name) => sum + size(name), 0);
  if (total > kBudgetBytes) {
    throw new Error(`The page is ${total} bytes compressed at first load; its budget is ${kBudgetBytes}.`);
  }
  console.log(`${path.relative(process.cwd(), out) || '.'}: ${(total / 1000).toFixed(1)} kB compressed at first load`);
}

async function build(out, watch) {
  copyFiles(out);
  if (watch) {
    const context = await esbuild.context({ ...pageOptions(out), sourcemap: 'linked', logLevel: 'info' });
    await context.watch();
    return;
  }
  await esbuild.build(pageOptions(out));
  checkBudget(out);
}

function testFiles(folder, name) {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) return testFiles(full, name);
    return /\.test\.tsx?$/.test(entry.name) && full.includes(name) ? [full] : [];
  });
}

async function test(name) {
  const files = testFiles(path.join(kHere, 'src'), name);
  if (files.length === 0) throw new Error(`No test file is called like ${name}.`);
  const out = fs.mkdtempSync(path.join(os.tmpdir(), 'backstock-page-'));
  try {
    const built = await esbuild.build({
      ...pageOptions(out),
      entryPoints: files,
      outbase: path.join(kHere, 'src'),
      outExtension: { '.js': '.mjs' },
      platform: 'node',
      target: 'node18',
      minify: false,
      sourcemap: 'inline',
      metafile: true,
      define: { 'process.env.BACKSTOCK_PAGE_DIR': JSON.stringify(kHere) },
    });
    const bundles = Object.keys(built.metafile.outputs).map((output) => path.join(kHere, output));
    const ran = spawnSync(process.execPath, ['--enable-source-maps', '--test', ...bundles], { stdio: 'inherit' });
    if (ran.status !== 0) process.exitCode = 1;
  } finally {
    fs.rmSync(out, { recursive: true, force: true });
  }
}

const { values, positionals } = parseArgs({
  options: { out: { type: 'string' }, watch: { type: 'boolean' }, test: { type: 'boolean' } },
  allowPositionals: true,
});
if (values.test) await test(positionals[0] ?? '');
else if (values.out) await build(path.resolve(values.out), values.watch ?? false);
else {
  console.error('usage: node build.mjs --out DIR [--watch] | --test [NAME]');
  process.exitCode = 2;
}
