// The quota of a store. Promises: fixed windows, other clients eat their share evenly through the window, exact headers,
// 429 when nothing is left. Quota 0 means no limit (and no headers unless asked for).

export class RateLimit {
  constructor({ quota = 0, windowMs = 30000, others = 0, headers = false } = {}) {
    Object.assign(this, { quota, windowMs, others, headers });
    this.start = performance.now();
    this.window = 0;
    this.used = 0;
    this.given429 = 0;
    this.leastLeft = quota || 3749;
  }

  roll() {
    const elapsed = performance.now() - this.start;
    const index = Math.floor(elapsed / this.windowMs);
    if (index !== this.window) {
      this.window = index;
      this.used = 0;
    }
    return elapsed - index * this.windowMs;
  }

  /** Counts one request. Returns {allowed, headers}. */
  take() {
    const into = this.roll();
    // Recorded on an Enterprise store: quota 3749 per 30 s. Used as the number to show when nothing limits.
    const quota = this.quota || 3749;
    const byOthers = Math.floor(this.others * quota * (into / this.windowMs));
    const left = quota - byOthers - this.used - 1;
    const allowed = this.quota === 0 || left >= 0;
    if (allowed) this.used++;
    else this.given429++;
    this.leastLeft = Math.min(this.leastLeft, Math.max(0, left));
    const resetMs = Math.max(1, Math.ceil(this.windowMs - into));
    const headers = {};
    if (this.quota > 0 || this.headers) {
      headers['X-Rate-Limit-Requests-Left'] = String(Math.max(0, left));
      headers['X-Rate-Limit-Requests-Quota'] = String(quota);
      headers['X-Rate-Limit-Time-Reset-Ms'] = String(resetMs);
      headers['X-Rate-Limit-Time-Window-Ms'] = String(this.windowMs);
    }
    if (!allowed) headers['X-Retry-After'] = String(Math.ceil(resetMs / 1000));
    return { allowed, headers };
  }

  /** Changed by a control call. */
  configure({ quota, windowMs, others, headers }) {
    if (quota !== undefined) this.quota = Number(quota);
    if (windowMs !== undefined) this.windowMs = Number(windowMs);
    if (others !== undefined) this.others = Number(others);
    if (headers !== undefined) this.headers = Boolean(headers);
    this.start = performance.now();
    this.window = 0;
    this.used = 0;
    this.leastLeft = this.quota || 3749;
  }
}
