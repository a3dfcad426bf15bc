// Customer e-mail templates: one per kind for the whole store, and overrides per channel. Promises: the kinds are fixed; an override exists only when
// somebody made one.

import { seedEmailTemplates, seedEmailOverrides, EMAIL_TYPES } from '../seed/customer_emails.mjs';

export class EmailTemplates {
  /** count: how many of the kinds this store has; 0: none. */
  constructor(options, env) {
    const count = Math.min(EMAIL_TYPES.length, options.emailTemplates);
    this.global = new Map(seedEmailTemplates(env, count).map((t) => [t.type_id, t]));
    this.overrides = new Map(seedEmailOverrides(env, count).map(([channel, t]) => [`${channel}/${t.type_id}`, t]));
  }

  /** Keys as control calls use them: createaccount_email, and 2/createaccount_email for the override of channel 2. */
  keys() {
    return [...this.global.keys(), ...this.overrides.keys()];
  }
  get(key) {
    return this.global.get(key) ?? this.overrides.get(key) ?? null;
  }
}
