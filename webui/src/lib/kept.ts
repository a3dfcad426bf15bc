// Small choices kept in this browser. Without storage (private windows, policies) they last as long as the page.
const fallback = new Map<string, string>();

export function kept(key: string): string | null {
  try {
    return window.localStorage.getItem(`backstock.${key}`);
  } catch {
    return fallback.get(key) ?? null;
  }
}

export function keep(key: string, value: string): void {
  fallback.set(key, value);
  try {
    window.localStorage.setItem(`backstock.${key}`, value);
  } catch {
    // The map has it.
  }
}
