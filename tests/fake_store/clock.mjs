// The store's own clock. Promises: every date in an answer comes from here, so a test can move or stop time;
// rate limits and delays use real time and are not touched.

export class Clock {
  constructor(now) {
    this.offset = 0;
    this.frozen = null;
    if (now !== undefined && now !== null && now !== '') this.set(now);
  }
  nowMs() {
    return this.frozen ?? Date.now() + this.offset;
  }
  set(now) {
    const ms = typeof now === 'number' ? (now < 1e11 ? now * 1000 : now) : Date.parse(now);
    if (!Number.isFinite(ms)) throw new Error('clock: not a time: ' + now);
    this.offset = ms - Date.now();
    if (this.frozen !== null) this.frozen = ms;
  }
  advance(ms) {
    this.offset += ms;
    if (this.frozen !== null) this.frozen += ms;
  }
  freeze(on) {
    this.frozen = on ? this.nowMs() : null;
  }
  /** Products, metafields, images: 2015-07-03T20:55:30+00:00 (recorded shape). */
  stamp() {
    return stampOf(Math.floor(this.nowMs() / 1000));
  }
  seconds() {
    return Math.floor(this.nowMs() / 1000);
  }
}

export function stampOf(seconds) {
  return new Date(seconds * 1000).toISOString().slice(0, 19) + '+00:00';
}

/** A filter date: Unix seconds or ISO-8601 -> seconds, or null when it is neither.
 *  A date without a time gets the current time of day of the server added (catalog digest 1.3). */
export function filterSeconds(text, clock) {
  if (/^\d{1,12}$/.test(text)) return Number(text);
  const date = /^(\d{4}-\d{2}-\d{2})$/.exec(text);
  if (date) {
    const day = Date.parse(date[1] + 'T00:00:00Z');
    return Number.isFinite(day) ? day / 1000 + (clock.seconds() % 86400) : null;
  }
  if (!/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/.test(text)) return null;
  const zoned = /(Z|[+-]\d{2}:?\d{2})$/.test(text) ? text : text + 'Z';
  const ms = Date.parse(zoned.replace(' ', 'T').replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  return Number.isFinite(ms) ? Math.floor(ms / 1000) : null;
}
