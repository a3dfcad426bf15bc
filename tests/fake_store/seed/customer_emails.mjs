// Seeded customer e-mail templates: the fixed set of kinds, and a few overrides of channel 2.

import { Random } from './random.mjs';
import { sentence, words } from './vocabulary.mjs';

export const EMAIL_TYPES = [
  'abandoned_cart_email',
  'account_details_changed_email',
  'combined_order_status_email',
  'createaccount_email',
  'createguestaccount_email',
  'giftcertificate_email',
  'invoice_email',
  'ordermessage_notification',
  'return_confirmation_email',
  'return_statuschange_email',
  'product_review_email',
  'account_reset_password_email',
];

function template(env, k, salt) {
  const r = new Random(env.seed, k, salt);
  const type = EMAIL_TYPES[k];
  const rows = type === 'invoice_email' ? 120 : r.between(2, 8);
  let table = '';
  for (let n = 0; n < rows; n++) table += `    <tr><td style="padding:4px">${words(r, 4)}</td><td>{{price item.${n}}}</td></tr>\n`;
  return {
    type_id: type,
    body: `<!DOCTYPE html>\r\n<html lang="en">\n<head>\n  <meta charset="UTF-8">\n  <title>{{store.name}}</title>\n</head>\n<body>\n  <p>{{lang "greeting" name=customer.name}} 👋</p>\n  <p>${sentence(r, 20)}</p>\n  <table>\n${table}  </table>\n  {{#if store.logo}}<img src="{{store.logo}}" alt="Größe &amp; Maß"/>{{/if}}\n</body>\n</html>\n`,
    translations: [
      { locale: 'en', keys: { greeting: 'Hello {{name}},', footer: `${words(r, 5)} – ©` } },
      { locale: 'de', keys: { greeting: 'Guten Tag {{name}},', footer: 'Viele Grüße' } },
      { locale: 'he', keys: { greeting: 'שלום {{name}},' } },
    ],
    subject: r.pick(['Your order at {{store.name}}', '{{store.name}}: "news" for you', 'Ihr Konto bei {{store.name}} ✔']),
  };
}

export const seedEmailTemplates = (env, count) => EMAIL_TYPES.slice(0, count).map((_, k) => template(env, k, 491));
/** [channel, template] */
export const seedEmailOverrides = (env, count) => [3, 6].filter((k) => k < count).map((k) => [2, template(env, k, 492)]);
