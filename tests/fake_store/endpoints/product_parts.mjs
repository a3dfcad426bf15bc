// Images, videos, custom fields, bulk pricing rules and reviews of a product. Promises: required fields, uniqueness and shifting of
// sort_order as the reference describes.

import { Refusal, ok } from '../answers.mjs';
import { route } from '../router.mjs';
import { accept, obj, str, int, one, dateTime, readOnly, fourDecimals } from '../validate.mjs';
import { uploadedImage } from '../body.mjs';
import { imageUrls } from '../seed/parts.mjs';
import { slug } from '../seed/texts.mjs';
import { customFieldSpec, bulkRuleSpec, imageSpec, videoSpec, checkBulkRules } from './product_rules.mjs';
import { readRoutes, editProduct, itemOf, addItem, productOf } from './part_support.mjs';

/** A picture given by URL must look fetchable; the simulated store never fetches. 400 is the documented answer when it cannot. */
export function checkImageUrl(url) {
  let parsed;
  try {
    parsed = new URL(url);
  } catch {
    parsed = null;
  }
  if (!parsed || !/^https?:$/.test(parsed.protocol) || /\.invalid$/.test(parsed.hostname))
    throw new Refusal(400, 'The image could not be downloaded.', { image_url: 'could not be downloaded' });
}

export function newImage(ctx, record, given, file) {
  if (!file) checkImageUrl(given.image_url);
  const id = ctx.cat.takeId('images');
  const source = file ? file.filename : new URL(given.image_url).pathname.split('/').pop();
  const name = `${slug(source.replace(/\.\w+$/, '')).slice(0, 40) || 'image'}__${10000 + (id % 89999)}.jpg`;
  const seconds = ctx.clock.seconds();
  if (file) ctx.cat.uploads.push({ kind: 'product_image', id, filename: file.filename, size: file.size, sha256: file.sha256 });
  return {
    id,
    product_id: record.id,
    is_thumbnail: given.is_thumbnail ?? false,
    sort_order: given.sort_order ?? record.parts.images.length,
    description: given.description ?? '',
    image_file: `${name[0]}/${100 + (id % 899)}/${name}`,
    ...imageUrls(ctx.cat.env, record.id, id, name, seconds),
    date_modified: ctx.clock.stamp(),
  };
}

/** Puts an image in: others move up when its sort_order is taken; the only image is the thumbnail; a new thumbnail unsets the old. */
export function placeImage(record, image) {
  const images = record.parts.images;
  if (images.some((i) => i.sort_order === image.sort_order)) for (const i of images) if (i.sort_order >= image.sort_order) i.sort_order++;
  images.push(image);
  if (images.length === 1) image.is_thumbnail = true;
  if (image.is_thumbnail) for (const i of images) if (i !== image) i.is_thumbnail = false;
  images.sort((a, b) => a.sort_order - b.sort_order || a.id - b.id);
}

function formValues(form) {
  const out = {};
  const { is_thumbnail: thumbnail, sort_order: order, description } = form.fields;
  if (thumbnail !== undefined) out.is_thumbnail = thumbnail === 'true' || thumbnail === '1';
  if (order !== undefined) {
    if (!/^-?\d+$/.test(order)) throw new Refusal(422, 'JSON data is missing or invalid', { sort_order: 'sort_order must be an integer' });
    out.sort_order = Number(order);
  }
  if (description !== undefined) out.description = description;
  return out;
}

function postImage(ctx) {
  const record = editProduct(ctx);
  if (record.parts.images.length >= 1000) throw new Refusal(422, 'A product has at most 1000 images.');
  let image;
  if (ctx.form) image = newImage(ctx, record, formValues(ctx.form), uploadedImage(ctx.form));
  else {
    const given = accept({ ...imageSpec, required: ['image_url'] }, ctx.body, ctx.sw);
    image = newImage(ctx, record, given, null);
  }
  placeImage(record, image);
  ctx.cat.partChanged(record);
  return ok(image);
}

function putImage(ctx) {
  const record = editProduct(ctx);
  const image = itemOf(record.parts.images, ctx.params.image_id);
  const given = ctx.form ? formValues(ctx.form) : accept(imageSpec, ctx.body, ctx.sw, { partial: true });
  if (given.image_url !== undefined) checkImageUrl(given.image_url);
  if (ctx.form?.file) uploadedImage(ctx.form);
  if (given.description !== undefined) image.description = given.description;
  if (given.sort_order !== undefined && given.sort_order !== image.sort_order) {
    record.parts.images = record.parts.images.filter((i) => i !== image);
    image.sort_order = given.sort_order;
    placeImage(record, image);
  }
  if (given.is_thumbnail === true && !ctx.sw.restored_thumbnail_ignored) for (const i of record.parts.images) i.is_thumbnail = i === image;
  image.date_modified = ctx.clock.stamp();
  ctx.cat.partChanged(record);
  return ok(image);
}

export function newVideo(ctx, record, given) {
  return {
    id: ctx.cat.takeId('videos'),
    product_id: record.id,
    // Missing titles are filled from YouTube (digest 7.9).
    title: given.title || `YouTube ${given.video_id}`,
    description: given.description ?? '',
    sort_order: given.sort_order ?? record.parts.videos.length,
    type: 'youtube',
    video_id: given.video_id,
    length: '01:30',
  };
}

const reviewSpec = obj(
  {
    id: readOnly,
    date_created: readOnly,
    date_modified: readOnly,
    title: str(0, 255),
    text: str(),
    status: one('approved', 'disapproved', 'pending'),
    rating: int(0, 5),
    email: str(),
    name: str(0, 255),
    date_reviewed: dateTime,
  },
  ['title', 'date_reviewed'],
);

/** POST and PUT of a part that is one JSON object. */
function writeRoutes({ part, path, idName, type, spec, make, check = () => {}, partial = true }) {
  const base = `/v3/catalog/products/{product_id}/${path}`;
  const about = { type, scope: 'products', body: 'json' };
  return [
    route('POST', base, about, (ctx) => {
      const record = editProduct(ctx);
      const given = accept(spec, ctx.body, ctx.sw);
      check(ctx, record, given, null);
      const item = make(ctx, record, given);
      addItem(ctx, record, part, item);
      ctx.cat.partChanged(record);
      return ok(item);
    }),
    route('PUT', `${base}/{${idName}}`, about, (ctx) => {
      itemOf(productOf(ctx).part(part), ctx.params[idName]);
      const record = editProduct(ctx);
      const item = itemOf(record.parts[part], ctx.params[idName]);
      const given = accept(spec, ctx.body, ctx.sw, { partial });
      check(ctx, record, { ...item, ...given }, item);
      for (const k of Object.keys(given)) if (k !== 'id') item[k] = k === 'amount' ? fourDecimals(Number(given[k])) : given[k];
      if (item.date_modified) item.date_modified = ctx.clock.stamp();
      ctx.cat.partChanged(record);
      return ok(item);
    }),
  ];
}

function checkCustomField(ctx, record, given, self) {
  const others = record.parts.custom_fields.filter((f) => f !== self);
  if (others.some((f) => f.name === given.name && f.value === given.value))
    throw new Refusal(409, 'The custom field is a duplicate', { name: 'name and value must be unique together' });
  if (!self && others.length >= 200) throw new Refusal(422, 'A product has at most 200 custom fields.');
}

const images = { part: 'images', path: 'images', idName: 'image_id', type: 'product_image', emptySwitch: 'images_empty_is_204' };
const videos = { part: 'videos', path: 'videos', idName: 'id', type: 'product_video' };
const fields = { part: 'custom_fields', path: 'custom-fields', idName: 'custom_field_id', type: 'product_custom_field' };
const bulk = { part: 'bulk_pricing_rules', path: 'bulk-pricing-rules', idName: 'bulk_pricing_rule_id', type: 'product_bulk_pricing_rule' };
const reviews = {
  part: 'reviews',
  path: 'reviews',
  idName: 'review_id',
  type: 'product_review',
  query: { status: ['0', '1'] },
  emptySwitch: 'reviews_empty_is_204',
};

export const productPartRoutes = () => [
  ...readRoutes(images),
  route('POST', '/v3/catalog/products/{product_id}/images', { type: 'product_image', scope: 'products', body: 'either' }, postImage),
  route(
    'PUT',
    '/v3/catalog/products/{product_id}/images/{image_id}',
    { type: 'product_image', scope: 'products', body: 'either' },
    putImage,
  ),
  ...readRoutes(videos),
  ...writeRoutes({ ...videos, spec: { ...videoSpec, required: ['video_id'] }, make: newVideo }),
  ...readRoutes(fields),
  ...writeRoutes({
    ...fields,
    spec: customFieldSpec,
    check: checkCustomField,
    make: (ctx, record, g) => ({ id: ctx.cat.takeId('custom_fields'), name: g.name, value: g.value }),
  }),
  ...readRoutes(bulk).map((r) => (r.method === 'GET' && r.path.endsWith('/bulk-pricing-rules') ? bulkList(r) : r)),
  ...writeRoutes({
    ...bulk,
    spec: bulkRuleSpec,
    partial: false,
    check: (ctx, record, given, self) => checkBulkRules([...record.parts.bulk_pricing_rules.filter((r) => r !== self), given]),
    make: (ctx, record, g) => ({
      id: ctx.cat.takeId('bulk_pricing_rules'),
      quantity_min: g.quantity_min,
      quantity_max: g.quantity_max,
      type: g.type,
      amount: fourDecimals(Number(g.amount)),
    }),
  }),
  ...readRoutes(reviews),
  ...writeRoutes({
    ...reviews,
    spec: reviewSpec,
    make: (ctx, record, g) => ({
      id: ctx.cat.takeId('reviews'),
      title: g.title,
      text: g.text ?? '',
      status: g.status ?? 'pending',
      rating: g.rating ?? 0,
      email: g.email ?? '',
      name: g.name ?? '',
      date_reviewed: g.date_reviewed,
      date_created: ctx.clock.stamp(),
      date_modified: ctx.clock.stamp(),
    }),
  }),
];

/** The bulk price list documents neither page nor limit. */
function bulkList(r) {
  const { include_fields, exclude_fields } = r.query;
  return { ...r, query: { include_fields, exclude_fields } };
}
