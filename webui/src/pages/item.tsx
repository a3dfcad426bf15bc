// One item: its versions, the current one beside the selected one, and the source.
import { useEffect, useState } from 'preact/hooks';
import { get } from '../api/client';
import { revisionOf } from '../api/current';
import type { Comparison, ContentTypes, Item, Store, Version, Versions } from '../api/types';
import { CompareTable, isDifference, type Side } from '../parts/compare_table';
import { Copy } from '../parts/copy';
import { Icon } from '../parts/icon';
import { SourceView } from '../parts/source_view';
import { Empty, Failure, Skeleton } from '../parts/states';
import { Tabs } from '../parts/tabs';
import { Name } from '../parts/text';
import { Toggle } from '../parts/toggle';
import { VersionList } from '../parts/version_list';
import { When } from '../parts/when';
import { counted, exact, parseTime } from '../lib/format';
import { useLoad } from '../lib/load';
import { refine, route } from '../lib/location';
import { link } from '../lib/route';
import { isNarrow } from '../lib/screen';

const kVersionsAtOnce = 20;

interface Known {
  store: Store;
  item: Item;
  versions: Version[];
}

const present = (versions: Version[]) => versions.filter((version) => !version.gone);

/** The version before `number` that holds something. */
function before(versions: Version[], number: number): Version | null {
  return present(versions).find((version) => version.version < number) ?? null;
}

/** Without a choice: the version before the current one, so that the last change is what one sees. */
function selectedOf({ item, versions }: Known): number | null {
  const asked = Number.parseInt(route.value.query['version'] ?? '', 10);
  if (asked > 0) return asked;
  if (item.newest === null) return null;
  return before(versions, item.newest)?.version ?? item.newest;
}

function Gone({ known, selected }: { known: Known; selected: Version }) {
  const last = before(known.versions, selected.version);
  return (
    <Empty icon="bin" title="At this moment the item was found deleted in the store">
      <p>
        Noticed <When at={selected.at} as="exact" />. Nothing of Backstock’s copy was lost.
      </p>
      {last && (
        <button type="button" onClick={() => refine({ version: last.version })}>
          Show the last version before it
        </button>
      )}
    </Empty>
  );
}

function Summary({ known, selected }: { known: Known; selected: number }) {
  const { store, item, versions } = known;
  const { query } = route.value;
  const newest = item.newest ?? selected;
  const previous = before(versions, selected);
  const isWithBefore = query['with'] === 'before' && previous !== null;
  const from = isWithBefore ? previous.version : selected;
  const to = isWithBefore ? selected : newest;
  const single = from === to;
  const onlyChanges = !single && query['all'] !== '1';
  const params = { store: store.name, type: item.type, id: item.id, from, to, changes_only: onlyChanges ? 1 : 0 };
  const loaded = useLoad(JSON.stringify(params), (signal) => get<Comparison>('compare', params, signal));
  const side = (number: number, name: string): Side => {
    const time = parseTime(versions.find((version) => version.version === number)?.at);
    const isPlain = name === `Version ${number}`;
    const more = [isPlain ? null : `version ${number}`, time && exact(time)];
    return { name, inWords: isPlain ? `version ${number}` : `the ${name.toLowerCase()}`, more: more.filter(Boolean).join(', ') };
  };
  const current = item.gone ? 'Last version before deletion' : 'Current version';
  const newer = side(to, to === newest ? current : `Version ${to}`);
  const older = side(from, isWithBefore ? `Version ${from}` : 'Selected version');
  const comparison = loaded.data;
  const rows = (comparison?.rows ?? []).filter((row) => !onlyChanges || isDifference(row));
  return (
    <>
      {!single && (
        <div class="compare-tools">
          <Toggle label="View change only" on={onlyChanges} set={(on) => refine({ all: on ? null : '1' })} />
          {previous !== null && to === newest && selected !== newest && (
            <button type="button" class="inline" onClick={() => refine({ with: 'before', version: selected })}>
              See what version {selected} changed
            </button>
          )}
          {isWithBefore && selected !== newest && (
            <button type="button" class="inline" onClick={() => refine({ with: null, version: selected })}>
              Compare version {selected} with the current one
            </button>
          )}
        </div>
      )}
      {single && versions.length > 1 && (
        <p class="note">
          This is the {item.gone ? 'last version before the deletion' : 'current version'}. Choose another in the list to compare it with.
        </p>
      )}
      {loaded.error !== null && <Failure error={loaded.error} again={loaded.again} />}
      {loaded.error === null && !comparison && <Skeleton lines={8} label="Comparing" />}
      {comparison && (
        <>
          {!single && (
            <p class="compare-sum" role="status">
              {comparison.change_count === 0
                ? 'These two versions say the same.'
                : `${counted(comparison.change_count, 'field')} ${comparison.change_count === 1 ? 'differs' : 'differ'}.`}
            </p>
          )}
          {!single && isNarrow.value && (
            <p class="quiet small">
              {newer.name}: {newer.more}. {older.name}: {older.more}.
            </p>
          )}
          {rows.length > 0 && <CompareTable key={`${from} ${to} ${onlyChanges}`} rows={rows} newer={newer} older={older} single={single} />}
          {comparison.left_out > 0 && (
            <p class="note">{counted(comparison.left_out, 'more field')} not shown here: this item has very many. “Source (JSON)” has them all.</p>
          )}
        </>
      )}
    </>
  );
}

function Detail({ known }: { known: Known }) {
  const { store, item, versions } = known;
  const { query } = route.value;
  const selected = selectedOf(known);
  const view = query['view'] === 'source' ? 'source' : 'summary';
  const version = versions.find((one) => one.version === selected);
  if (selected === null) {
    return <Empty title="No version with content">Backstock only knows that this item was deleted; it was never read before.</Empty>;
  }
  if (version?.gone) return <Gone known={known} selected={version} />;
  return (
    <Tabs
      label="Views"
      chosen={view}
      choose={(id) => refine({ view: id === 'summary' ? null : id })}
      tabs={[
        { id: 'summary', label: 'Summary' },
        { id: 'source', label: 'Source (JSON)' },
      ]}
    >
      {view === 'summary' ? (
        <Summary known={known} selected={selected} />
      ) : (
        <>
          <div class="compare-tools">
            <Toggle label="With the parts kept beside it" on={query['parts'] === '1'} set={(on) => refine({ parts: on ? '1' : null })} />
            <span class="quiet">Version {selected}</span>
          </div>
          <SourceView
            store={store.name}
            type={item.type}
            id={item.id}
            version={selected}
            size={version?.size ?? null}
            parts={query['parts'] === '1'}
          />
        </>
      )}
    </Tabs>
  );
}

function Body({ store, item }: { store: Store; item: Item }) {
  const ids = { store: store.name, type: item.type, id: item.id };
  const loaded = useLoad(
    `versions ${JSON.stringify(ids)}`,
    (signal) => get<Versions>('versions', { ...ids, limit: kVersionsAtOnce }, signal),
    { revision: `${revisionOf(store)} ${item.versions}` },
  );
  const [older, setOlder] = useState<Versions | null>(null);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => setOlder(null), [item.type, item.id, store.name]);
  if (loaded.error !== null && !loaded.data) return <Failure error={loaded.error} again={loaded.again} />;
  if (!loaded.data) return <Skeleton lines={10} label="Loading the versions" />;
  const first = loaded.data.versions;
  const last = first.at(-1)?.version ?? 0;
  const versions = [...first, ...(older?.versions ?? []).filter((version) => version.version < last)];
  const next = older ? older.next : loaded.data.next;
  const more = async () => {
    setError(null);
    try {
      const page = await get<Versions>('versions', { ...ids, before: next, limit: kVersionsAtOnce });
      setOlder({ versions: [...(older?.versions ?? []), ...page.versions], next: page.next });
    } catch (caught) {
      setError(caught);
    }
  };
  const known = { store, item, versions };
  const { query } = route.value;
  const selected = selectedOf(known);
  const heading = (
    <h2 id="versions">
      {counted(item.versions, 'version')} <span class="quiet">found</span>
    </h2>
  );
  const list = (
    <>
      <VersionList
        versions={versions}
        newest={item.gone ? null : item.newest}
        selected={selected}
        href={(version) => link('item', { ...query, ...ids, version })}
        older={next === null ? null : () => void more()}
      />
      {error !== null && <Failure error={error} />}
    </>
  );
  // On a phone the list folds away, and again when a version has been chosen: the comparison is what was come for.
  return (
    <div class="item-body">
      <section class="item-versions" aria-labelledby="versions">
        {isNarrow.value ? (
          <details key={selected}>
            <summary>
              {heading} <span class="quiet">Choose one to compare</span>
            </summary>
            {list}
          </details>
        ) : (
          <>
            {heading}
            {list}
          </>
        )}
      </section>
      <section class="item-detail" aria-label="Comparison">
        <Detail known={known} />
      </section>
    </div>
  );
}

export function ItemPage({ store }: { store: Store }) {
  const { type = '', id = '' } = route.value.query;
  const ids = { store: store.name, type, id };
  const loaded = useLoad(`item ${JSON.stringify(ids)}`, (signal) => get<Item>('item', ids, signal), { revision: revisionOf(store) });
  const types = useLoad(`types ${store.name}`, (signal) => get<ContentTypes>('types', { store: store.name }, signal));
  const item = loaded.data;
  const label = types.data?.types.find((one) => one.type === type)?.label ?? item?.label_one ?? type;
  return (
    <>
      <nav class="crumbs" aria-label="Breadcrumb">
        <a href={link('items', { store: store.name })}>Items</a>
        <Icon name="right" size={12} />
        <a href={link('items', { store: store.name, type })}>{label}</a>
      </nav>
      <div class="title-row">
        <h1 tabIndex={-1}>{item ? <Name text={item.title} length={200} /> : ' '}</h1>
      </div>
      {loaded.error !== null && !item && <Failure error={loaded.error} again={loaded.again} />}
      {loaded.error === null && !item && <Skeleton lines={10} label="Loading the item" />}
      {item && (
        <>
          <p class="item-line">
            <span>
              {item.label_one} <code>{item.id}</code> <Copy what="ID" text={() => item.id} />
            </span>
            <span class="quiet">
              First seen <When at={item.first_at} as="exact" />
            </span>
            <span class="quiet">
              Latest change <When at={item.last_at} as="exact" /> (<When at={item.last_at} />)
            </span>
          </p>
          {item.gone && (
            <div class="note" data-tone="bad">
              <Icon name="bin" />
              <span>
                <strong>Deleted in your store.</strong> Noticed <When at={item.last_at} as="exact" />. All versions from before
                are kept here.
              </span>
            </div>
          )}
          <Body key={`${item.type} ${item.id}`} store={store} item={item} />
        </>
      )}
    </>
  );
}
