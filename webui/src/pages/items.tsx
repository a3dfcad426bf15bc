// The items of a content type: found by how their names begin, page by page, however many there are.
import { useEffect, useState } from 'preact/hooks';
import { get } from '../api/client';
import { revisionOf } from '../api/current';
import type { ContentType, ContentTypes, Deleted, Items, ItemSort, ListedItem, Store } from '../api/types';
import { Icon } from '../parts/icon';
import { Mark } from '../parts/mark';
import { Segments } from '../parts/segments';
import { Empty, Failure, Skeleton } from '../parts/states';
import { Table, type TableColumn } from '../parts/table';
import { Name } from '../parts/text';
import { ColumnValue } from '../parts/value';
import { When } from '../parts/when';
import { count, counted } from '../lib/format';
import { useLoad } from '../lib/load';
import { refine, route } from '../lib/location';
import { link } from '../lib/route';

const kPerPage = 50;
const kTypingMs = 250;
const kDeletedFilters: { value: Deleted; label: string }[] = [
  { value: 'hide', label: 'Present' },
  { value: 'only', label: 'Deleted' },
  { value: 'include', label: 'All' },
];
const kSorts: { value: ItemSort; label: string }[] = [
  { value: '-changed', label: 'Latest change first' },
  { value: 'id', label: 'ID, lowest first' },
  { value: '-id', label: 'ID, highest first' },
];

interface Filter {
  q: string;
  deleted: Deleted;
  sort: ItemSort;
  after: string | null;
  page: number;
}

function filterOf(query: Record<string, string>): Filter {
  return {
    q: query['q'] ?? '',
    deleted: kDeletedFilters.find(({ value }) => value === query['deleted'])?.value ?? 'hide',
    sort: kSorts.find(({ value }) => value === query['sort'])?.value ?? '-changed',
    after: query['after'] ?? null,
    page: Math.max(1, Number.parseInt(query['page'] ?? '1', 10) || 1),
  };
}

// Another question begins at its first page.
const ask = (changes: Record<string, string | null>) => refine({ after: null, page: null, ...changes });

function Search({ q, type }: { q: string; type: ContentType }) {
  const [typed, setTyped] = useState(q);
  useEffect(() => setTyped(q), [q, type.type]);
  useEffect(() => {
    if (typed === q) return;
    const timer = window.setTimeout(() => ask({ q: typed }), kTypingMs);
    return () => window.clearTimeout(timer);
  }, [typed]);
  return (
    <form
      class="search"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        ask({ q: typed });
      }}
    >
      <label class="visually-hidden" for="q">
        Search {type.label}
      </label>
      <Icon name="search" />
      <input
        id="q"
        type="search"
        value={typed}
        placeholder={`Search ${type.label.toLowerCase()}`}
        aria-describedby="q-hint"
        autocomplete="off"
        spellcheck={false}
        onInput={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || typed === '') return;
          event.preventDefault();
          setTyped('');
          ask({ q: null });
        }}
      />
      <p class="hint" id="q-hint">
        The beginning of a name, SKU or e-mail address, or a whole ID
      </p>
    </form>
  );
}

function columnsOf(store: Store, type: ContentType): TableColumn<ListedItem>[] {
  return [
    {
      head: type.title_label,
      as: 'start',
      cell: (item) => {
        const known = new Set([item.title, item.id, ...item.columns]);
        const others = item.labels.filter((text) => text !== '' && !known.has(text));
        return (
          <>
            <a href={link('item', { store: store.name, type: type.type, id: item.id })}>
              <Name text={item.title} />
            </a>
            {item.gone && <Mark said={{ word: 'Deleted', tone: 'bad', icon: 'bin' }} />}
            {others.length > 0 && (
              <span class="quiet small block">
                <Name text={others.join(' · ')} />
              </span>
            )}
          </>
        );
      },
    },
    {
      head: 'ID',
      cell: (item) => (
        <code>
          <Name text={item.id} length={40} />
        </code>
      ),
    },
    ...type.columns.map((column, i) => ({
      head: column.label,
      as: column.kind === 'money' || column.kind === 'number' ? ('number' as const) : undefined,
      cell: (item: ListedItem) => <ColumnValue kind={column.kind} text={item.columns[i] ?? null} />,
    })),
    { head: 'Versions', as: 'number', cell: (item) => count(item.versions) },
    { head: 'Latest change', cell: (item) => <When at={item.last_at} as="both" /> },
  ];
}

function Nothing({ store, filter, type }: { store: Store; filter: Filter; type: ContentType }) {
  if (filter.q !== '') {
    return (
      <Empty icon="search" title={`Nothing begins with “${filter.q.slice(0, 60)}”`}>
        <p>Search looks at how names, SKUs and e-mail addresses begin, and at whole IDs.</p>
        <p>
          <a href={link('search', { store: store.name, q: filter.q, type: type.type })}>Look through all fields</a>
        </p>
        {filter.deleted === 'hide' && type.gone > 0 && (
          <button type="button" onClick={() => ask({ deleted: 'include' })}>
            Search deleted {type.label.toLowerCase()} too
          </button>
        )}
      </Empty>
    );
  }
  if (filter.deleted === 'only') {
    return (
      <Empty icon="bin" title={`No deleted ${type.label.toLowerCase()}`}>
        What is deleted in your store from now on appears here, with all its versions.
      </Empty>
    );
  }
  if (type.last_full_at === null) {
    return (
      <Empty title={`No ${type.label.toLowerCase()} in the backup yet`}>
        They have not been read completely yet. “Back up now” on the <a href={link('')}>Dashboard</a> starts it.
      </Empty>
    );
  }
  return <Empty title={`Your store has no ${type.label.toLowerCase()}`}>The last complete look at the store found none.</Empty>;
}

// Cursors only lead forward: the way back is the cursors already seen, while this page is open.
const trail = new Map<string, string | null>();
const step = (question: string, page: number) => `${question} ${page}`;

interface PagesProps {
  items: Items;
  filter: Filter;
  total: number | null;
  question: string;
}

function Pages({ items, filter, total, question }: PagesProps) {
  trail.set(step(question, filter.page), filter.after);
  const before = trail.get(step(question, filter.page - 1));
  const first = (filter.page - 1) * kPerPage + 1;
  const last = first + items.items.length - 1;
  const { path, query } = route.value;
  const here = path.join('/');
  return (
    <nav class="pages" aria-label="Pages">
      <p>
        {count(first)} to {count(last)}
        {total !== null && ` of ${count(total)}`}
      </p>
      {filter.page > 1 && <a href={link(here, { ...query, after: null, page: null })}>First page</a>}
      {filter.page > 1 && before !== undefined && (
        <a class="button" href={link(here, { ...query, after: before, page: filter.page > 2 ? filter.page - 1 : null })}>
          <Icon name="left" /> Previous {kPerPage}
        </a>
      )}
      {items.next !== null && (
        <a class="button" href={link(here, { ...query, after: items.next, page: filter.page + 1 })}>
          Next {kPerPage} <Icon name="right" />
        </a>
      )}
    </nav>
  );
}

function List({ store, type }: { store: Store; type: ContentType }) {
  const filter = filterOf(route.value.query);
  const params = {
    store: store.name,
    type: type.type,
    q: filter.q === '' ? null : filter.q,
    deleted: filter.deleted,
    sort: filter.sort,
    after: filter.after,
    limit: kPerPage,
  };
  const loaded = useLoad(JSON.stringify(params), (signal) => get<Items>('items', params, signal), {
    revision: revisionOf(store),
    keepOld: true,
  });
  useEffect(() => {
    if (filter.after !== null) window.scrollTo(0, 0);
  }, [filter.after]);
  const total = filter.q !== '' ? null : { hide: type.items, only: type.gone, include: type.items + type.gone }[filter.deleted];
  return (
    <>
      <div class="filters">
        <Search q={filter.q} type={type} />
        <Segments
          legend="Deleted items"
          options={kDeletedFilters}
          chosen={filter.deleted}
          choose={(deleted) => ask({ deleted: deleted === 'hide' ? null : deleted })}
        />
        <label class="select">
          <span class="visually-hidden">Order</span>
          <select
            value={filter.sort}
            onChange={(event) => ask({ sort: event.currentTarget.value === '-changed' ? null : event.currentTarget.value })}
          >
            {kSorts.map(({ value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        </label>
      </div>
      {loaded.error !== null && <Failure error={loaded.error} again={loaded.again} />}
      {loaded.error === null && !loaded.data && <Skeleton lines={8} label={`Loading ${type.label}`} />}
      {loaded.error === null && loaded.data && loaded.data.items.length === 0 && !loaded.isOld && <Nothing store={store} filter={filter} type={type} />}
      {loaded.error === null && loaded.data && loaded.data.items.length > 0 && (
        <>
          <Table
            label={type.label}
            columns={columnsOf(store, type)}
            rows={loaded.data.items}
            rowKey={(item) => item.id}
            rowClass={(item) => (item.gone ? 'is-gone' : undefined)}
            busy={loaded.isOld}
          />
          <Pages
            items={loaded.data}
            filter={filter}
            total={total}
            question={`${store.name} ${type.type} ${filter.deleted} ${filter.sort} ${filter.q}`}
          />
        </>
      )}
    </>
  );
}

function Choose({ store, types }: { store: Store; types: ContentType[] }) {
  const groups = [...new Set(types.map((type) => type.group))];
  return (
    <>
      {groups.map((group) => (
        <section key={group} aria-label={group}>
          <h2>{group}</h2>
          <ul class="type-cards">
            {types
              .filter((type) => type.group === group)
              .map((type) => (
                <li key={type.type}>
                  <a href={link('items', { store: store.name, type: type.type })}>
                    <strong>{type.label}</strong>
                    <span class="quiet">
                      {counted(type.items, 'item')}
                      {type.gone > 0 && `, ${count(type.gone)} deleted`}
                    </span>
                  </a>
                </li>
              ))}
          </ul>
        </section>
      ))}
    </>
  );
}

export function ItemsPage({ store }: { store: Store }) {
  const asked = route.value.query['type'];
  const loaded = useLoad(`types ${store.name}`, (signal) => get<ContentTypes>('types', { store: store.name }, signal), {
    revision: revisionOf(store),
  });
  const types = loaded.data?.types ?? [];
  const type = types.find((one) => one.type === asked);
  return (
    <>
      {asked !== undefined && (
        <nav class="crumbs" aria-label="Breadcrumb">
          <a href={link('items', { store: store.name })}>Items</a>
        </nav>
      )}
      <div class="title-row">
        <h1 tabIndex={-1}>{asked === undefined ? 'Items' : (type?.label ?? (loaded.data ? 'Unknown content type' : ' '))}</h1>
        {type && (
          <p class="quiet">
            {counted(type.items, 'item')} / {counted(type.versions, 'version')}
            {type.gone > 0 && ` · ${count(type.gone)} deleted in the store`}
          </p>
        )}
      </div>
      {loaded.error !== null && !loaded.data && <Failure error={loaded.error} again={loaded.again} />}
      {!loaded.data && loaded.error === null && <Skeleton lines={8} label="Loading the content types" />}
      {loaded.data && asked === undefined && <Choose store={store} types={types} />}
      {loaded.data && asked !== undefined && !type && (
        <Empty title="This version does not know such a content type">
          <a href={link('items', { store: store.name })}>All content types</a>
        </Empty>
      )}
      {type && <List key={type.type} store={store} type={type} />}
    </>
  );
}
