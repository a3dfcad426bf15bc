// Writes JSON text. Promises: a number can keep its exact text (Num: 19.9900, 1e2, 30 digits), a whole item can be
// given byte for byte (Raw), and the rest is plain JSON. JSON.stringify cannot do either before Node 21, hence this writer.

/** A number that is written with exactly this text. */
export class Num {
  constructor(text) {
    this.text = String(text);
  }
  valueOf() {
    return Number(this.text);
  }
  toString() {
    return this.text;
  }
}

/** An item whose bytes are sent untouched: duplicate keys, invalid UTF-8, anything. */
export class Raw {
  constructor(bytes) {
    this.bytes = bytes;
  }
}

const keyText = new Map();
function quotedKey(key) {
  let text = keyText.get(key);
  if (text === undefined) {
    text = JSON.stringify(key) + ':';
    if (keyText.size < 4000) keyText.set(key, text);
  }
  return text;
}

/** escape: 'none' | 'descriptions' | 'all' says in which strings "/" becomes "\/" (PHP's habit, seen in recorded answers). */
export class JsonText {
  constructor({ pretty = false, escape = 'none', unicode = false } = {}) {
    this.pretty = pretty;
    this.escape = escape;
    this.unicode = unicode;
    this.raws = [];
    this.text = '';
  }

  /** The bytes of the value: a string, or a Buffer when raw items are inside. */
  write(value) {
    this.text = '';
    this.raws = [];
    // A V2 answer may be one raw item and nothing around it.
    if (value instanceof Raw) return value.bytes;
    const tail = this.pretty ? this.prettyValue(value, '\n', '') : this.value(value, '');
    const text = this.text + tail;
    if (!this.raws.length) return text;
    // Where raw items go stands their number between two NUL characters, which JSON text never has.
    const pieces = text.split('\0');
    return Buffer.concat(pieces.map((piece, i) => (i % 2 ? this.raws[Number(piece)].bytes : Buffer.from(piece))));
  }

  string(s, key) {
    let text = JSON.stringify(s);
    if (this.escape !== 'none' && (this.escape === 'all' || key === 'description')) text = text.replaceAll('/', '\\/');
    if (this.unicode) text = text.replace(/[\u0080-\uffff]/g, (c) => '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0'));
    return text;
  }

  scalar(v, key) {
    switch (typeof v) {
      case 'string':
        return this.string(v, key);
      case 'number':
        return Number.isFinite(v) ? String(v) : 'null';
      case 'boolean':
        return v ? 'true' : 'false';
      default:
        return v instanceof Num ? v.text : v instanceof Raw ? `\0${this.raws.push(v) - 1}\0` : null;
    }
  }

  value(v, key) {
    if (v === null || v === undefined) return 'null';
    const simple = this.scalar(v, key);
    if (simple !== null) return simple;
    if (Array.isArray(v)) {
      let out = '[';
      for (let i = 0; i < v.length; i++) out += (i ? ',' : '') + this.value(v[i], key);
      return out + ']';
    }
    let out = '{';
    let first = true;
    for (const k in v) {
      const item = v[k];
      if (item === undefined) continue;
      out += (first ? '' : ',') + quotedKey(k) + this.value(item, k);
      first = false;
    }
    return out + '}';
  }

  // The pretty form writes straight to this.text.
  prettyValue(v, newline, key) {
    this.prettyInto(v, newline, key);
    return '';
  }

  prettyInto(v, newline, key) {
    if (v === null || v === undefined) {
      this.text += 'null';
      return;
    }
    const simple = this.scalar(v, key);
    if (simple !== null) {
      this.text += simple;
      return;
    }
    const inner = newline + '    ';
    const list = Array.isArray(v);
    const entries = list ? v.map((x) => [null, x]) : Object.entries(v).filter(([, x]) => x !== undefined);
    if (!entries.length) {
      this.text += list ? '[]' : '{}';
      return;
    }
    this.text += list ? '[' : '{';
    entries.forEach(([k, x], i) => {
      this.text += (i ? ',' : '') + inner + (list ? '' : JSON.stringify(k) + ' : ');
      this.prettyInto(x, inner, list ? key : k);
    });
    this.text += newline + (list ? ']' : '}');
  }
}

/** {"$num":"19.9900"} in a control call stands for a number with that text. */
export function reviveNumbers(v) {
  if (Array.isArray(v)) return v.map(reviveNumbers);
  if (v && typeof v === 'object') {
    const keys = Object.keys(v);
    if (keys.length === 1 && keys[0] === '$num') return new Num(v.$num);
    return Object.fromEntries(keys.map((k) => [k, reviveNumbers(v[k])]));
  }
  return v;
}

/** A deep copy that keeps Num values. */
export function copy(v) {
  if (v === null || typeof v !== 'object' || v instanceof Num) return v;
  if (Array.isArray(v)) return v.map(copy);
  const out = {};
  for (const k in v) out[k] = copy(v[k]);
  return out;
}
