// HTML descriptions and other long texts. Promises: paragraphs, lists, entities, newlines, absolute and /content/ links,
// now and then emoji, right-to-left and accented text; about `size` bytes.

import { word, words, sentence, FOREIGN } from './vocabulary.mjs';

const ENTITIES = ['&nbsp;', '&amp;', '&ndash;', '&frac12;', '&reg;', '&quot;', '&#39;', '&eacute;'];

export function description(random, size) {
  let out = '';
  while (out.length < size) {
    switch (random.below(9)) {
      case 0:
        out += `<ul>\n<li>${words(random, 4)}</li>\n<li>${words(random, 3)} ${random.pick(ENTITIES)} ${word(random)}</li>\n</ul>\n`;
        break;
      case 1:
        out += `<p dir="auto">${random.pick(FOREIGN)} &ndash; ${words(random, 6)}</p>\r\n`;
        break;
      case 2:
        out += `<p><img src="/content/${word(random)}/${word(random)}.jpg" alt="${words(random, 2)}" /></p>\n`;
        break;
      case 3:
        out += `<p><a href="https://example.com/${word(random)}/?a=1&amp;b=2">${words(random, 2)}</a></p>\n`;
        break;
      default:
        out += `<p>${sentence(random, random.between(8, 22))} ${sentence(random, random.between(5, 14))}</p>\n`;
    }
  }
  return out;
}

/** Text of exactly about `size` bytes for --huge-page; cheap to make, does not compress to nothing. */
export function hugeText(random, size) {
  const block = description(random, Math.min(size, 20000));
  let out = '';
  while (out.length + block.length < size) out += block;
  return out + block.slice(0, Math.max(0, size - out.length));
}

export function slug(text) {
  return text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
}
