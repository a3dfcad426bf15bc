// Web pages, blog posts and redirects. Promises: what is looked up by key is found without a scan where there may be many; the deletion of a page
// does to its children what the reference says.

import { LazyTable } from './lazy_table.mjs';
import { pageRow, pageBody } from '../seed/pages.mjs';
import { postRow, postSeconds, publishedDate, iso8601, summaryOf } from '../seed/blog_posts.mjs';
import { redirectRow } from '../seed/redirects.mjs';
import { registerControlTypes } from '../control_types.mjs';
import { tableControl } from './table_control.mjs';
import { words, sentence } from '../seed/vocabulary.mjs';

const trailingId = (text) => {
  const m = /(\d+)\/?$/.exec(text);
  return m ? Number(m[1]) : null;
};

export class Content {
  constructor({ options, catalog }) {
    const { env } = catalog;
    this.catalog = catalog;
    this.env = env;
    const { seed } = options;
    const pages = (this.pages = new LazyTable({
      seed,
      salt: 301,
      count: Math.min(options.pages, 4000),
      make: (id, index) => pageRow(env, id, index, (n) => pages.idAt(n)),
    }));
    this.posts = new LazyTable({
      seed,
      salt: 311,
      count: options.blogPosts,
      make: (id, index) => postRow(env, id, index),
      keys: { url: { of: (p) => p.url, idIn: trailingId } },
    });
    const { shapes } = catalog;
    const pick = (list) => (r) => (list.length ? list[r.below(list.length)] : null);
    const seeded = (count, idAt) => (r) => (count ? idAt(r.below(count)) : null);
    // The ids of the start, so that a seeded redirect stays the same when its target is deleted.
    const brands = [...env.brandIds];
    const categories = [...env.categoryIds];
    const targets = {
      product: seeded(shapes.count, (n) => shapes.idAt(n)),
      brand: pick(brands),
      category: pick(categories),
      page: seeded(pages.count, (n) => pages.idAt(n)),
      post: seeded(this.posts.count, (n) => this.posts.idAt(n)),
    };
    this.redirects = new LazyTable({
      seed,
      salt: 321,
      count: options.redirects,
      make: (id, index) => redirectRow(env, id, index, targets),
      keys: { path: { of: (d) => `${d.site_id} ${d.from_path}`, idIn: trailingId } },
    });
  }

  // ---- pages ----------------------------------------------------------------------------------
  bodyOf(page) {
    return page.body !== undefined ? page.body : pageBody(this.env, this.pages.indexOf(page.id), page.type);
  }
  withBody(page) {
    const body = this.bodyOf(page);
    return body === undefined ? page : { ...page, body };
  }
  childrenOf(id) {
    return this.pages.filter((p) => p.parent_id === id).map((p) => p.id);
  }
  /** Children become hidden top-level pages, or go with their parent. */
  removePage(id, { children = false } = {}) {
    if (!this.pages.remove(id)) return false;
    for (const child of this.childrenOf(id)) {
      if (children) this.removePage(child, { children });
      else {
        Object.assign(this.pages.edit(child), { parent_id: 0, is_visible: false });
        this.pages.changed(child);
      }
    }
    return true;
  }
  pageAt(channel, url) {
    return this.pages.filter((p) => p.channel_id === channel && p.url?.toLowerCase() === url.toLowerCase())[0] ?? null;
  }

  // ---- blog posts -----------------------------------------------------------------------------
  /** Seconds of the publishing date without building the post where the seed can tell it. */
  postTime(id) {
    if (!this.posts.overlay.has(id)) return postSeconds(this.env, this.posts.indexOf(id));
    return Math.floor(Date.parse(this.posts.get(id).published_date_iso8601) / 1000);
  }
  /** Newest first. */
  postOrder() {
    if (this.postCache?.version !== this.posts.version) {
      const pairs = this.posts.ids.toArray().map((id) => [this.postTime(id), id]);
      pairs.sort((a, b) => b[0] - a[0] || b[1] - a[1]);
      this.postCache = { version: this.posts.version, ids: pairs.map((p) => p[1]) };
    }
    return this.postCache.ids;
  }
  /** Values that the store computes. */
  finishPost(post, seconds) {
    post.preview_url = post.url;
    post.summary = summaryOf(post.body);
    if (seconds !== undefined) {
      post.published_date = publishedDate(seconds);
      post.published_date_iso8601 = iso8601(seconds);
    }
    return post;
  }
}

registerControlTypes((fake) => {
  const { content } = fake;
  const pages = tableControl(content.pages, {
    blank: (id) => ({
      id,
      channel_id: 1,
      name: `New page ${id}`,
      is_visible: true,
      parent_id: 0,
      sort_order: 0,
      type: 'page',
      is_homepage: false,
      is_customers_only: false,
      search_keywords: '',
      meta_title: '',
      meta_keywords: '',
      meta_description: '',
      url: `/new-page-${id}/`,
      body: '<p>New</p>',
    }),
    randomSet: (r) =>
      r.pick([{ body: `<p>${words(r, 12)}</p>` }, { sort_order: r.below(90) }, { name: `Renamed ${words(r, 2)} ${r.below(99999)}` }]),
    remove: (id) => content.removePage(id),
  });
  return {
    pages: {
      ...pages,
      item: (id) => {
        const page = content.pages.get(id);
        return page && content.withBody(page);
      },
    },
    blog_posts: tableControl(content.posts, {
      blank: (id) =>
        content.finishPost(
          {
            id,
            title: `New post ${id}`,
            url: `/blog/new-post-${id}/`,
            preview_url: '',
            body: '<p>New</p>',
            tags: [],
            summary: '',
            is_published: true,
            published_date: null,
            published_date_iso8601: '',
            meta_description: '',
            meta_keywords: '',
            author: '',
            thumbnail_path: '',
          },
          fake.clock.seconds(),
        ),
      randomSet: (r) => r.pick([{ body: `<p>${words(r, 12)}</p>` }, { title: sentence(r, 4) }, { is_published: r.chance(0.5) }]),
    }),
    redirects: tableControl(content.redirects, {
      blank: (id) => ({ id, site_id: 1000, from_path: `/made/here-${id}`, to: { type: 'url', url: '/' } }),
      randomSet: (r) => ({ to: { type: 'url', url: `/${words(r, 1)}/` } }),
    }),
  };
});
