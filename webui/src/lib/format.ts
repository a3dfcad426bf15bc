// Numbers, spans and times for people, in British English and the viewer's own zone. Pure: "now" is passed in.

const kLocale = 'en-GB';
const kNumber = new Intl.NumberFormat(kLocale);
const kRelative = new Intl.RelativeTimeFormat(kLocale, { numeric: 'always' });

export function count(n: number): string {
  return kNumber.format(n);
}

/** "1 item", "311 items". */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}

/** Decimal units, as disks are sold: "512 bytes", "1.2 MB". */
export function bytes(n: number): string {
  if (n < 1000) return counted(n, 'byte');
  let value = n / 1000;
  let unit = 'kB';
  for (const next of ['MB', 'GB', 'TB']) {
    if (value < 999.95) break;
    value /= 1000;
    unit = next;
  }
  return `${value < 9.95 ? value.toFixed(1) : count(Math.round(value))} ${unit}`;
}

/** An estimate: rounded so that it claims no more than is known. */
export function about(seconds: number): string {
  if (seconds < 50) return 'less than a minute';
  const minutes = Math.max(1, Math.round(seconds / 60));
  if (minutes < 90) return `about ${counted(minutes, 'minute')}`;
  const hours = Math.round(minutes / 60);
  if (hours < 36) return `about ${counted(hours, 'hour')}`;
  return `about ${counted(Math.round(hours / 24), 'day')}`;
}

/** A span that is over: "< 0.1 s", "0.4 s", "38 s", "4 min 12 s", "2 h 05 min". */
export function lasted(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 0.05) return '< 0.1 s';
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
  const minutes = Math.round(whole / 60);
  return `${count(Math.floor(minutes / 60))} h ${String(minutes % 60).padStart(2, '0')} min`;
}

const kSteps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 365.25 * 86400],
  ['month', 30.44 * 86400],
  ['day', 86400],
  ['hour', 3600],
  ['minute', 60],
];

/** "just now", "2 minutes ago", "in 3 hours". */
export function ago(time: Date, now: Date): string {
  const seconds = (time.getTime() - now.getTime()) / 1000;
  for (const [unit, size] of kSteps) {
    if (Math.abs(seconds) >= size) return kRelative.format(Math.trunc(seconds / size), unit);
  }
  return seconds > 5 ? 'in less than a minute' : 'just now';
}

/** "14 Nov 2026, 14:05". */
export function exact(time: Date, zone?: string): string {
  return time.toLocaleString(kLocale, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: zone,
  });
}

/** All there is to say: with seconds and zone, and UTC beside it. */
export function precise(time: Date, zone?: string): string {
  const local = time.toLocaleString(kLocale, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZone: zone,
    timeZoneName: 'short',
  });
  return `${local} (${time.toISOString().replace('T', ' ').replace(/\.\d+Z$/, '')} UTC)`;
}

export function zoneName(): string {
  return new Intl.DateTimeFormat(kLocale).resolvedOptions().timeZone;
}

/** A time of the API; null where there is none or it is none. */
export function parseTime(text: string | null | undefined): Date | null {
  if (!text) return null;
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? null : time;
}

/** Halves of the daemon's sentences stand alone on the page: a capital first, a full stop last. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  if (trimmed === '') return '';
  const first = trimmed.charAt(0).toLocaleUpperCase(kLocale) + trimmed.slice(1);
  return /[.!?…:]$/.test(first) ? first : `${first}.`;
}

/** The beginning of a text, never half a character. */
export function beginning(text: string, length: number): string {
  if (text.length <= length) return text;
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length);
}
