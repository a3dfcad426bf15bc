// Addresses behind the `#`. Everything that a view shows is in its address, so that every view can be kept as a bookmark.

export interface Route {
  /** The segments of the path: ["items"], ["setup", "LINK"]. */
  path: string[];
  query: Record<string, string>;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a bookmark that was cut in the middle
  }
}

export function parseRoute(hash: string): Route {
  const [path = '', ...rest] = hash.replace(/^#\/?/, '').split('?');
  const query: Record<string, string> = {};
  for (const [key, value] of new URLSearchParams(rest.join('?'))) query[key] = value;
  return { path: path.split('/').filter(Boolean).map(decoded), query };
}

export type Query = Record<string, string | number | null | undefined>;

/** Leaves out what is null, undefined or empty. */
export function link(page: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== '') search.set(key, String(value));
  }
  const text = search.toString();
  return `#/${page}${text ? `?${text}` : ''}`;
}
