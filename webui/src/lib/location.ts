// Where the reader is, as a signal; and how to get elsewhere.
import { signal } from '@preact/signals';
import { link, parseRoute, type Query } from './route';

function read() {
  return parseRoute(window.location.hash);
}

export const route = signal(read());

window.addEventListener('hashchange', () => {
  // "#main" of the skip link is a place in the page, no view.
  if (window.location.hash === '' || window.location.hash.startsWith('#/')) route.value = read();
});

export function go(page: string, query: Query = {}): void {
  window.location.hash = link(page, query);
}

/** The same view with some of its query changed; no new entry in the history. */
export function refine(changes: Query): void {
  const { path, query } = route.value;
  window.history.replaceState(null, '', link(path.map(encodeURIComponent).join('/'), { ...query, ...changes }));
  route.value = read();
}
