// Request bodies. Promises: JSON must be valid UTF-8 JSON sent as application/json (415 and 400 otherwise); multipart only where the
// reference documents it, with the documented part names.

import { createHash } from 'node:crypto';
import { Refusal } from './answers.mjs';

const LIMIT = 64 * 1024 * 1024;

export function readBody(req) {
  return new Promise((resolve, reject) => {
    const chunks = [];
    let size = 0;
    req.on('data', (c) => {
      size += c.length;
      if (size <= LIMIT) chunks.push(c);
    });
    req.on('end', () => (size > LIMIT ? reject(new Refusal(413)) : resolve(Buffer.concat(chunks))));
    req.on('error', reject);
  });
}

/** -> {body} for JSON, {form: {fields, file}} for multipart. route.body: undefined (none), 'json', 'multipart', 'either', 'optional'. */
export function parseBody(req, bytes, route) {
  if (!route.body) return {};
  const type = (req.headers['content-type'] ?? '').toLowerCase();
  if (!bytes.length && route.body === 'optional') return { body: undefined };
  const multipart = type.startsWith('multipart/form-data');
  if (multipart && (route.body === 'multipart' || route.body === 'either')) return { form: parseForm(req.headers['content-type'], bytes) };
  if (route.body === 'multipart' || !/^application\/json\s*(;|$)/.test(type)) throw new Refusal(415);
  let text;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Refusal(400, 'The body is not valid UTF-8.');
  }
  try {
    return { body: JSON.parse(text) };
  } catch {
    throw new Refusal(400, 'Input is invalid: the body is not valid JSON.');
  }
}

function parseForm(header, bytes) {
  const boundary = /boundary=(?:"([^"]+)"|([^;]+))/i.exec(header);
  if (!boundary) throw new Refusal(400, 'multipart without a boundary');
  const mark = Buffer.from('--' + (boundary[1] ?? boundary[2]).trim());
  const fields = {};
  let file = null;
  let at = bytes.indexOf(mark);
  while (at >= 0) {
    const start = at + mark.length;
    const next = bytes.indexOf(mark, start);
    if (next < 0) break;
    const part = bytes.subarray(start + 2, next - 2);
    const split = part.indexOf('\r\n\r\n');
    if (split >= 0) {
      const head = part.subarray(0, split).toString();
      const content = part.subarray(split + 4);
      const name = /name="([^"]*)"/i.exec(head)?.[1];
      const filename = /filename="([^"]*)"/i.exec(head)?.[1];
      if (filename !== undefined) {
        file = {
          part: name,
          filename,
          type: /content-type:\s*([^\r\n]+)/i.exec(head)?.[1] ?? '',
          size: content.length,
          sha256: createHash('sha256').update(content).digest('hex'),
          head: content.subarray(0, 16),
        };
      } else if (name) fields[name] = content.toString();
    }
    at = next;
  }
  return { fields, file };
}

const KINDS = [
  ['PNG', [0x89, 0x50, 0x4e, 0x47]],
  ['JPEG', [0xff, 0xd8]],
  ['GIF', [0x47, 0x49, 0x46]],
  ['BMP', [0x42, 0x4d]],
  ['RIFF', [0x52, 0x49, 0x46, 0x46]],
  ['ICO', [0, 0, 1, 0]],
];

/** The uploaded picture, or the documented refusal: 422 for a missing part or a wrong type, 400 for something that is no picture. */
export function uploadedImage(form, { maxBytes = 8 * 1024 * 1024, tooLarge = 422 } = {}) {
  if (!form?.file || form.file.part !== 'image_file')
    throw new Refusal(422, 'The field image_file is required.', { image_file: 'image_file is required' });
  if (form.file.size > maxBytes) throw new Refusal(tooLarge, 'The image is too large.', { image_file: `more than ${maxBytes} bytes` });
  const kind = KINDS.find(([, magic]) => magic.every((b, i) => form.file.head[i] === b));
  if (!kind) throw new Refusal(400, 'The image could not be processed.', { image_file: 'not an image of a known type' });
  return form.file;
}
