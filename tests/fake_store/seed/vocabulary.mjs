// Words for texts. Promises: about 3,000 words picked with a Zipf-like frequency (word k about 1/k), so that compression and
// deduplication behave as on real shop texts.

import { Random } from './random.mjs';

const COMMON = `the and of with for in to your is a this from our design made soft high quality every day home easy perfect on by you
natural cotton all fits comfortable durable light style classic size it are or steel wood color available modern water clean care wash black white
set piece pack use more new best long short small large warm cool dry safe kids adult women men gift kitchen table chair lamp bottle bag wallet shirt
jacket boots running hiking travel outdoor garden office leather wool linen bamboo ceramic glass stainless handmade organic vintage premium heavy
duty adjustable foldable waterproof rechargeable wireless charging battery cable case cover stand holder rack shelf storage box basket hook hanger
towel blanket pillow sheet mat rug curtain candle soap lotion oil scent coffee tea mug cup plate bowl knife spoon fork pan pot lid grill oven timer
scale tray jar bread pasta honey chocolate spice salt pepper sugar vanilla almond berry lemon orange apple mint ginger green blue red navy silver gold
copper brass bronze ivory charcoal teal olive sand stone slate oak pine walnut maple birch cedar cherry ash beech round square oval slim wide tall
compact mini deluxe pro basic original limited edition collection series model version season spring summer autumn winter holiday birthday wedding
party picnic camping fishing cycling yoga fitness training ball racket rope weight bench helmet glove sock hat scarf belt watch ring necklace bracelet
earring mirror brush comb razor trimmer dryer iron vacuum filter fan heater cooler freezer blender mixer toaster kettle grinder press opener peeler
grater slicer whisk ladle tongs apron mitt napkin placemat coaster vase frame poster print canvas paint pencil pen marker notebook journal planner
calendar folder binder stapler tape glue scissors ruler eraser sharpener puzzle game doll train car truck plane boat robot block bead yarn thread
needle fabric pattern button zipper ribbon lace velvet silk denim fleece canvas mesh foam rubber plastic metal aluminum titanium carbon fiber
resistant protective breathable absorbent reusable recyclable biodegradable sustainable certified tested approved warranty guarantee return shipping
delivery includes requires assembly instructions dimensions weight capacity volume power voltage speed setting mode control display screen sensor
button switch handle strap pocket lining collar sleeve hem waist fit cut length width height depth diameter thickness`.split(/\s+/);

const HEADS =
  'ba be bi bo bra cal cor dan del dor el fen gal gra hel in jor kal kel lor lum mar mel mon nor ol or pel ran ros sal sen sol tal tor ul val ven vor wal zen'.split(
    ' ',
  );
const MIDS = 'a e i o u ar en il on or an er is us ia eo'.split(' ');
const TAILS = 'n r l s ta na ra do la mo vo dex ton ria mer nix lan dor win'.split(' ');

function build() {
  const words = [...new Set(COMMON)];
  const seen = new Set(words);
  const random = new Random(7, 7, 7);
  while (words.length < 3000) {
    const w = random.pick(HEADS) + random.pick(MIDS) + random.pick(TAILS) + (random.chance(0.3) ? random.pick(TAILS) : '');
    if (!seen.has(w)) {
      seen.add(w);
      words.push(w);
    }
  }
  return words;
}

export const WORDS = build();
export const NOUNS =
  'Lamp Chair Table Mug Bottle Bag Wallet Jacket Boots Blanket Pillow Towel Candle Knife Pan Shelf Basket Rug Mirror Vase Notebook Puzzle Scarf Watch Kettle Tray Bowl Clock Stool Desk'.split(
    ' ',
  );
export const ADJECTIVES =
  'Rustic Modern Classic Slim Cosy Bold Gentle Heavy Light Nordic Vintage Organic Handmade Compact Deluxe Round Tall Quiet Bright Solid'.split(
    ' ',
  );
export const MATERIALS = 'Oak Linen Steel Bamboo Wool Leather Ceramic Glass Cotton Copper Walnut Denim Marble Cork Silk'.split(' ');
export const COLORS = [
  ['Navy', '#123C91'],
  ['Red', '#FF0000'],
  ['Forest', '#228B22'],
  ['Sand', '#C2B280'],
  ['Black', '#000000'],
  ['White', '#FFFFFF'],
  ['Teal', '#008080'],
  ['Ivory', '#FFFFF0'],
  ['Olive', '#808000'],
  ['Plum', '#8E4585'],
  ['Rosé', '#F4C2C2'],
  ['Slate', '#708090'],
];
export const SIZES = ['XS', 'S', 'M', 'L', 'XL', '2XL', '3XL', 'One "size"', '10½', '42 / L'];
export const FOREIGN = [
  'Café crème',
  'Größe & Maß',
  'مصباح يدوي',
  'מנורת שולחן',
  'Ñandú açaí',
  'Żółta łódź',
  '日本の急須',
  'Emoji ☕🎁',
  'Ærø Øl',
  'Дом & сад',
];

const TABLE = new Uint16Array(16384);
{
  let total = 0;
  for (let k = 0; k < WORDS.length; k++) total += 1 / (k + 2);
  let at = 0;
  let sum = 0;
  for (let k = 0; k < WORDS.length; k++) {
    sum += 1 / (k + 2);
    const end = Math.round((sum / total) * TABLE.length);
    while (at < end) TABLE[at++] = k;
  }
}

export function word(random) {
  return WORDS[TABLE[random.u32() >>> 18]];
}

export function words(random, count) {
  let out = word(random);
  for (let i = 1; i < count; i++) out += ' ' + word(random);
  return out;
}

export function sentence(random, count) {
  const text = words(random, count);
  return text[0].toUpperCase() + text.slice(1) + '.';
}
