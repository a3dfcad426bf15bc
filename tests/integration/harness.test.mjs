// The checks that the other tests end with do notice.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import test from 'node:test';
import { openHouse } from './harness.mjs';

test('checkVault notices each way in which a vault is not the store', async (t) => {
  const house = await openHouse(t, { store: { products: 12, brands: 4, categories: 4 } });
  const { store } = house;
  await house.backup();
  await house.checkVault({ exact: true });
  const ids = await store.ids('products');
  const notices = async (pattern, options) => {
    await assert.rejects(house.checkVault(options), pattern);
    await house.backup(['--full']);
    await house.checkVault();
  };
  await store.edit('products', ids[2], { name: 'Edited' });
  await notices(/products \d+: stored/);
  await store.delete('products', ids[3]);
  await notices(/products present in the vault/);
  await store.create('brands');
  await notices(/brands present in the vault/);
  await store.editPart(ids[4], 'metafields', undefined, { value: 'v' });
  await notices(/part metafields|the part metafields is missing/);
  await store.edit('categories', (await store.ids('categories'))[0], { views: 77 });
  await house.checkVault();
  await assert.rejects(house.checkVault({ exact: true }), /categories \d+: stored/);
  const [pack] = house.packs();
  const bytes = fs.readFileSync(pack);
  bytes[200] ^= 1;
  fs.writeFileSync(pack, bytes);
  await assert.rejects(house.checkVault(), /exit 1, not 0/);
});
