// What a store says is text, and the page's policy allows no inline code: nothing in these sources may get around that.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';

const kPage = process.env.BACKSTOCK_PAGE_DIR ?? '.';
const kBanned = /inner\x48TML|outer\x48TML|insertAdjacent\x48TML|document\.write|srcdoc|\beval\(|new Function|setAttribute\('style'|https?:\/\//;

function sources(folder: string): string[] {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) return sources(full);
    return /(?<!\.test)\.tsx?$/.test(entry.name) ? [full] : [];
  });
}

test('no source makes markup or code of text, or names another origin', () => {
  const files = sources(path.join(kPage, 'src'));
  assert.ok(files.length > 30);
  const found = files.flatMap((file) =>
    fs
      .readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => kBanned.test(line))
      .map((line) => `${path.relative(kPage, file)}: ${line.trim()}`),
  );
  assert.deepEqual(found, []);
});

test('the document has no inline script or style', () => {
  const html = fs.readFileSync(path.join(kPage, 'index.html'), 'utf8');
  assert.doesNotMatch(html, /<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)/);
});
