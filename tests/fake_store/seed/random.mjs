// Deterministic random numbers. Promises: the same seed, id and salt always give the same numbers, in any order of reading,
// so any item can be computed alone.

export function mix(a, b, c) {
  let h = Math.imul(a | 0, 0x9e3779b1) ^ Math.imul((b | 0) + 0x7f4a7c15, 0x85ebca77) ^ Math.imul((c | 0) + 0x165667b1, 0xc2b2ae3d);
  h ^= h >>> 16;
  h = Math.imul(h, 0x7feb352d);
  h ^= h >>> 15;
  h = Math.imul(h, 0x846ca68b);
  h ^= h >>> 16;
  return h >>> 0;
}

export class Random {
  constructor(seed, id = 0, salt = 0) {
    this.state = mix(seed, id, salt);
  }
  u32() {
    let t = (this.state = (this.state + 0x6d2b79f5) | 0);
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  }
  below(n) {
    return Math.floor((this.u32() / 4294967296) * n);
  }
  between(a, b) {
    return a + this.below(b - a + 1);
  }
  chance(p) {
    return this.u32() < p * 4294967296;
  }
  pick(list) {
    return list[this.below(list.length)];
  }
  hex(n) {
    let out = '';
    while (out.length < n) out += this.u32().toString(16).padStart(8, '0');
    return out.slice(0, n);
  }
}
