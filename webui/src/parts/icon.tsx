// Line icons, 16 units square, drawn for this page. Always beside a word, so hidden from screen readers.
import type { IconName } from '../lib/words';

const kPaths = {
  check: 'M3.2 8.6 6.4 11.8 12.8 4.8',
  alert: 'M8 2.2 14.4 13.4H1.6ZM8 6.4V9.6M8 11.4V11.5',
  cross: 'M4 4 12 12M12 4 4 12',
  clock: 'M8 1.9A6.1 6.1 0 1 0 8 14.1 6.1 6.1 0 0 0 8 1.9ZM8 4.8V8L10.3 9.6',
  turn: 'M13.6 8A5.6 5.6 0 1 1 11.6 3.7M11.9 1.4V4.1H9.2',
  lock: 'M3.4 7.2H12.6V13.6H3.4ZM5.4 7V4.9A2.6 2.6 0 0 1 10.6 4.9V7',
  stop: 'M8 1.9A6.1 6.1 0 1 0 8 14.1 6.1 6.1 0 0 0 8 1.9ZM4 12 12 4',
  dash: 'M3.5 8H12.5',
  bin: 'M2.6 4.2H13.4M6 4V2.2H10V4M4 4.4 4.7 13.8H11.3L12 4.4M6.7 7V11.2M9.3 7V11.2',
  pause: 'M5.4 3.4V12.6M10.6 3.4V12.6',
  hand: 'M8 1.9A6.1 6.1 0 1 0 8 14.1 6.1 6.1 0 0 0 8 1.9ZM5.6 8H10.4',
  search: 'M7 2.4A4.6 4.6 0 1 0 7 11.6 4.6 4.6 0 0 0 7 2.4ZM10.4 10.4 14 14',
  down: 'M3.6 6 8 10.4 12.4 6',
  right: 'M6 3.6 10.4 8 6 12.4',
  left: 'M10 3.6 5.6 8 10 12.4',
  copy: 'M5.4 5.4V2.6H13.4V10.6H10.6M2.6 5.4H10.6V13.4H2.6Z',
  download: 'M8 2V10.4M4.4 7 8 10.6 11.6 7M2.6 13.6H13.4',
  out: 'M6.4 2.6H2.8V13.4H6.4M6.2 8H13.6M10.6 5 13.6 8 10.6 11',
  sun: 'M8 5A3 3 0 1 0 8 11 3 3 0 0 0 8 5ZM8 1.2V2.6M8 13.4V14.8M1.2 8H2.6M13.4 8H14.8M3.2 3.2 4.2 4.2M11.8 11.8 12.8 12.8M3.2 12.8 4.2 11.8M11.8 4.2 12.8 3.2',
  moon: 'M13.4 9.6A5.9 5.9 0 0 1 6.4 2.6 5.9 5.9 0 1 0 13.4 9.6Z',
  play: 'M4.6 2.8 13 8 4.6 13.2Z',
  eye: 'M1.4 8C3 5 5.2 3.5 8 3.5S13 5 14.6 8C13 11 10.8 12.5 8 12.5S3 11 1.4 8ZM8 6.1A1.9 1.9 0 1 0 8 9.9 1.9 1.9 0 0 0 8 6.1Z',
  stack: 'M2 5.2 8 2.2 14 5.2 8 8.2ZM2 8.2 8 11.2 14 8.2M2 11.2 8 14.2 14 11.2',
  list: 'M2.4 4H13.6M2.4 8H13.6M2.4 12H9.6',
  gear: 'M2 4.6H8M12 4.6H14M10 2.6V6.6M2 11.4H4M8 11.4H14M6 9.4V13.4',
  home: 'M2.4 2.4H6.8V7.6H2.4ZM9.2 2.4H13.6V5.2H9.2ZM9.2 7.6H13.6V13.6H9.2ZM2.4 10.2H6.8V13.6H2.4Z',
} as const;

export type Drawing = keyof typeof kPaths;
// Every icon that words.ts names has a drawing.
const known: Record<IconName, string> = kPaths;
void known;

export function Icon({ name, size = 16 }: { name: Drawing; size?: number }) {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={kPaths[name]} />
    </svg>
  );
}

export function Logo({ size = 28 }: { size?: number }) {
  return (
    <svg class="logo" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="7" />
      <path d="M7 12.5 16 8l9 4.5-9 4.5z" />
      <path d="m7 17 9 4.5L25 17M7 21.5 16 26l9-4.5" />
    </svg>
  );
}
