// A sorted list of live ids in one typed array. Promises: 500,000 ids cost 2 MB, paging by offset and by id is direct,
// insert and delete are one memory move.

export class IdList {
  constructor(size = 16) {
    this.ids = new Int32Array(Math.max(16, size));
    this.length = 0;
  }
  static of(values) {
    const list = new IdList(values.length);
    list.ids.set(values);
    list.length = values.length;
    return list;
  }
  /** First position whose id is >= the value. */
  lowerBound(id) {
    let lo = 0;
    let hi = this.length;
    while (lo < hi) {
      const mid = (lo + hi) >>> 1;
      if (this.ids[mid] < id) lo = mid + 1;
      else hi = mid;
    }
    return lo;
  }
  has(id) {
    const at = this.lowerBound(id);
    return at < this.length && this.ids[at] === id;
  }
  push(id) {
    if (this.length && this.ids[this.length - 1] >= id) {
      this.insert(id);
      return;
    }
    this.grow();
    this.ids[this.length++] = id;
  }
  insert(id) {
    const at = this.lowerBound(id);
    if (at < this.length && this.ids[at] === id) return;
    this.grow();
    this.ids.copyWithin(at + 1, at, this.length);
    this.ids[at] = id;
    this.length++;
  }
  delete(id) {
    const at = this.lowerBound(id);
    if (at >= this.length || this.ids[at] !== id) return false;
    this.ids.copyWithin(at, at + 1, this.length);
    this.length--;
    return true;
  }
  grow() {
    if (this.length < this.ids.length) return;
    const bigger = new Int32Array(this.ids.length + (this.ids.length >> 1));
    bigger.set(this.ids);
    this.ids = bigger;
  }
  slice(from, to) {
    return Array.from(this.ids.subarray(Math.max(0, from), Math.min(this.length, to)));
  }
  toArray() {
    return this.slice(0, this.length);
  }
}
