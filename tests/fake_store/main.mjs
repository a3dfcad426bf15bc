#!/usr/bin/env node
// Starts the simulated store. Promises: one line on stdout when it is ready, 127.0.0.1 only, the pid in --pid-file when asked.

import fs from 'node:fs';
import { FakeStore, DEFAULTS } from './fake_store.mjs';
import { FakeServer } from './server.mjs';

const FLAGS = { giantVariants: true, rateHeaders: true, pretty: true };
const camel = (name) => name.replace(/-([a-z])/g, (_, c) => c.toUpperCase());

function readArguments(args) {
  const out = { switches: {}, deny: [] };
  const put = (name, value) => {
    if (name === 'switches') {
      Object.assign(out.switches, value);
      return;
    }
    if (name === 'deny') {
      out.deny.push(...(Array.isArray(value) ? value : String(value).split(',')));
      return;
    }
    if (!(name in DEFAULTS)) throw new Error(`no option --${name}`);
    if (name === 'emailTemplates') value = { on: 12, off: 0 }[value] ?? value;
    if (typeof DEFAULTS[name] === 'number') {
      value = Number(value);
      if (!Number.isFinite(value) || value < 0) throw new Error(`--${name} needs a number`);
    }
    out[name] = value;
  };
  for (let i = 0; i < args.length; i++) {
    const [flag, inline] = args[i].split(/=(.*)/s);
    if (!flag.startsWith('--')) throw new Error(`what is ${args[i]}?`);
    const name = camel(flag.slice(2));
    if (FLAGS[name] && inline === undefined) {
      put(name, true);
      continue;
    }
    const value = inline ?? args[++i];
    if (value === undefined) throw new Error(`${flag} needs a value`);
    if (name === 'config') for (const [k, v] of Object.entries(JSON.parse(fs.readFileSync(value, 'utf8')))) put(camel(k), v);
    else if (name === 'switch') {
      const [k, v] = value.split(/=(.*)/s);
      out.switches[k] = v;
    } else put(name, value);
  }
  return out;
}

let options;
try {
  options = readArguments(process.argv.slice(2));
  const fake = new FakeStore(options);
  const server = new FakeServer(fake);
  const port = await server.listen(fake.options.port);
  if (fake.options.cdnBase === 'self') fake.catalog.env.cdn = `http://127.0.0.1:${port}/cdn`;
  if (options.pidFile) fs.writeFileSync(options.pidFile, String(process.pid));
  process.stdout.write(`fake store on http://127.0.0.1:${port} store_hash=${fake.options.storeHash}\n`);
  const stop = () => process.exit(0);
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
} catch (error) {
  process.stderr.write(`fake store: ${error.message}\n`);
  process.exit(2);
}
