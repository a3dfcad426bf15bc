// Sends an answer. Promises: chunked, no charset, gzip when asked for, Vary, and the spoilt ways of sending that trouble rules ask for.

import zlib from 'node:zlib';

export function wantsGzip(req) {
  return /(^|,)\s*(gzip|\*)\s*(;\s*q=(?!0(\.0*)?\s*(,|$)))?/i.test(req.headers['accept-encoding'] ?? '');
}

/** answer: {status, bytes: Buffer|null, headers}; actions: trouble. done(bytesSent) is called once. */
export function send(req, res, answer, actions, done) {
  const headers = { ...answer.headers };
  if (answer.bytes === null) {
    res.writeHead(answer.status, headers);
    res.end();
    done(0);
    return;
  }
  headers['Content-Type'] ??= 'application/json';
  headers.Vary = 'Accept-Encoding';
  const gzip = wantsGzip(req) && answer.bytes.length > 0;
  if (!gzip) {
    transmit(res, answer.status, headers, answer.bytes, actions, done);
    return;
  }
  headers['Content-Encoding'] = 'gzip';
  zlib.gzip(answer.bytes, { level: 1 }, (error, packed) => {
    if (error) {
      res.destroy();
      done(0);
      return;
    }
    if (actions.some((a) => a.gzip_broken)) {
      packed = Buffer.from(packed);
      for (let i = Math.min(10, packed.length - 1); i < packed.length; i += 97) packed[i] ^= 0x5a;
      // The trailing checksum and length are wrong as well, so that even a lucky stream is refused.
      for (let i = Math.max(0, packed.length - 8); i < packed.length; i++) packed[i] ^= 0xff;
    }
    transmit(res, answer.status, headers, packed, actions, done);
  });
}

function transmit(res, status, headers, bytes, actions, done) {
  const cut = actions.find((a) => a.cut !== undefined);
  const slow = actions.find((a) => a.slow !== undefined);
  if (cut) {
    const share = cut.cut === true ? 0.5 : Number(cut.cut);
    const part = bytes.subarray(0, Math.min(bytes.length - 1, Math.floor(bytes.length * share)));
    if (cut.framing === 'length') headers['Content-Length'] = String(bytes.length);
    res.writeHead(status, headers);
    // Destroying the socket before the last chunk: the client sees a body that never ends properly.
    const hangUp = () => res.socket?.destroySoon();
    res.flushHeaders();
    if (part.length) res.write(part, hangUp);
    else hangUp();
    done(part.length);
    return;
  }
  res.writeHead(status, headers);
  if (slow) {
    trickle(res, bytes, Math.max(1, Number(slow.slow)));
    done(bytes.length);
    return;
  }
  // write + end keeps it chunked, as the real service answers.
  if (bytes.length) res.write(bytes);
  res.end();
  done(bytes.length);
}

function trickle(res, bytes, perSecond) {
  const step = Math.max(1, Math.ceil(perSecond / 20));
  let at = 0;
  const timer = setInterval(() => {
    if (res.destroyed) {
      clearInterval(timer);
      return;
    }
    res.write(bytes.subarray(at, at + step));
    at += step;
    if (at >= bytes.length) {
      clearInterval(timer);
      res.end();
    }
  }, 50);
}
