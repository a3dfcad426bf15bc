// The store that the page is about: the address says it, else the one looked at last, else the first.
import { computed } from '@preact/signals';
import { keep, kept } from '../lib/kept';
import { route } from '../lib/location';
import { status } from './live';
import type { Store } from './types';

export const store = computed<Store | null>(() => {
  const stores = status.value?.stores ?? [];
  const asked = route.value.query['store'];
  if (asked !== undefined) return stores.find((one) => one.name === asked) ?? null;
  const last = kept('store');
  return stores.find((one) => one.name === last) ?? stores[0] ?? null;
});

export function remember(name: string): void {
  keep('store', name);
}

/** Changes when lists of the store may have changed: not with every item of a running backup. */
export function revisionOf(shown: Store): string {
  const { state, running, last_run } = shown;
  return [state, running?.run, running?.type, last_run?.run, last_run?.outcome].join(' ');
}
