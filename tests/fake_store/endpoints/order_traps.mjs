// Calls that the real service would carry out and that a backup must never make. Promises: they change nothing here, answer 422, and each one is
// counted under `traps` in the control call `counters`.

import { Refusal } from '../answers.mjs';
import { route } from '../router.mjs';

export function trap(method, path, about, effect) {
  return route(method, path, { body: method === 'POST' ? 'optional' : undefined, ...about }, (ctx) => {
    const name = `${method} ${path}`;
    const { traps } = ctx.fake;
    traps.set(name, (traps.get(name) ?? 0) + 1);
    throw new Refusal(422, `The simulated store refuses this call: it ${effect}.`);
  });
}
