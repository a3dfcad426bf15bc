// Is the store backed up, what is in the backup, what ran last.
import { get } from '../api/client';
import { revisionOf } from '../api/current';
import { connection } from '../api/live';
import type { ContentType, ContentTypes, Level, Runs, Store } from '../api/types';
import { Copy } from '../parts/copy';
import { Icon, type Drawing } from '../parts/icon';
import { Mark } from '../parts/mark';
import { BackUpNow } from '../parts/backup_now';
import { Progress } from '../parts/progress';
import { RunTable } from '../parts/run_table';
import { Empty, Failure, Skeleton } from '../parts/states';
import { Table } from '../parts/table';
import { Tabs } from '../parts/tabs';
import { LongText, Name } from '../parts/text';
import { When } from '../parts/when';
import { count, counted, sentence } from '../lib/format';
import { useLoad } from '../lib/load';
import { refine, route } from '../lib/location';
import { link } from '../lib/route';
import { syncSaid, typeStatusSaid } from '../lib/words';

const kLevelIcons: Record<Level, Drawing> = { good: 'check', notice: 'alert', bad: 'cross' };
const kGroups = [
  { id: 'catalogue', label: 'Catalogue' },
  { id: 'customer', label: 'Customer' },
  { id: 'settings', label: 'Settings' },
];
const kRunsShown = 5;

function Verdict({ store }: { store: Store }) {
  const { level, text } = store.verdict;
  // The verdict may repeat a problem word for word.
  const problems = store.problems.filter((problem) => problem !== text);
  // What was true when the daemon last answered is no reassurance now.
  const isLost = connection.value === 'lost';
  // What is only not yet good while a backup runs is no warning.
  const isOnItsWay = level === 'notice' && store.running !== null && problems.length === 0;
  const tone = isLost ? 'quiet' : isOnItsWay ? 'running' : level;
  const icon = isLost ? 'clock' : isOnItsWay ? 'turn' : kLevelIcons[level];
  return (
    <section class="verdict" data-tone={tone} aria-label="State of the backup">
      <div class="verdict-top">
        <span class="verdict-icon">
          <Icon name={icon} size={22} />
        </span>
        <div class="verdict-words">
          {isLost && <p class="quiet">When Backstock last answered:</p>}
          <p class="verdict-text" dir="auto">
            {text}
          </p>
          {problems.length > 0 && (
            <ul class="problems">
              {problems.map((problem) => (
                <li key={problem}>
                  <LongText text={sentence(problem)} />
                </li>
              ))}
            </ul>
          )}
        </div>
        <div class="verdict-act">
          <BackUpNow store={store} />
          <p class="quiet small">It reads your store; it changes nothing there.</p>
        </div>
      </div>
      {store.running && <Progress store={store} running={store.running} />}
      {!store.running && store.waiting > 0 && <p class="note">{counted(store.waiting, 'backup')} about to start.</p>}
    </section>
  );
}

function Facts({ store }: { store: Store }) {
  return (
    <dl class="facts">
      <div>
        <dt>Store Name</dt>
        <dd>
          <Name text={store.title ?? store.name} length={80} />
          {store.domain && (
            <span class="quiet small block">
              <Name text={store.domain} length={80} />
            </span>
          )}
        </dd>
      </div>
      <div>
        <dt>Store Identifier</dt>
        <dd class="with-button">
          <code>{store.store_hash}</code>
          <Copy what="store identifier" text={() => store.store_hash} />
        </dd>
      </div>
      <div>
        <dt>History goes back to</dt>
        <dd>
          <When at={store.history_since} as="both" none="Nothing stored yet" />
        </dd>
      </div>
      <div>
        <dt>Most Recent Change Received</dt>
        <dd>
          <When at={store.recent_change_at} as="both" none="None yet" />
        </dd>
      </div>
      <div>
        <dt>Sync Status</dt>
        <dd>
          <Mark said={syncSaid(store.sync.state)} />
          <span class="quiet small block">
            {(store.sync.reason && <LongText text={sentence(store.sync.reason)} length={160} />) ??
              (store.next_run_at ? (
                <>
                  Next backup <When at={store.next_run_at} />
                </>
              ) : null)}
          </span>
        </dd>
      </div>
    </dl>
  );
}

function TypeTable({ store, types }: { store: Store; types: ContentType[] }) {
  const running = store.running;
  return (
    <Table
      label="Content types"
      rows={types}
      rowKey={(type) => type.type}
      columns={[
        { head: 'Item', as: 'start', cell: (type) => <a href={link('items', { store: store.name, type: type.type })}>{type.label}</a> },
        {
          head: 'In the backup',
          cell: (type) => (
            <>
              {counted(type.items, 'item')} <span class="quiet">/ {counted(type.versions, 'version')}</span>
              {type.gone > 0 && <span class="quiet small block">{count(type.gone)} deleted in the store, kept here</span>}
            </>
          ),
        },
        { head: 'Recent Change', cell: (type) => <When at={type.recent_change_at} as="both" none="None yet" /> },
        {
          head: 'Status',
          as: 'wide',
          cell: (type) => (
            <>
              <Mark said={typeStatusSaid(running?.type === type.type ? 'running' : type.status)} />
              {type.message && (
                <span class="quiet small block">
                  <LongText text={sentence(type.message)} length={160} />
                </span>
              )}
            </>
          ),
        },
        {
          head: 'View or back up',
          as: 'actions',
          cell: (type) => (
            <>
              <a class="small-button" href={link('items', { store: store.name, type: type.type })} aria-label={`View ${type.label}`}>
                View
              </a>
              <BackUpNow store={store} type={type} />
            </>
          ),
        },
      ]}
    />
  );
}

function Snapshot({ store }: { store: Store }) {
  const loaded = useLoad(`types ${store.name}`, (signal) => get<ContentTypes>('types', { store: store.name }, signal), {
    revision: revisionOf(store),
  });
  const chosen = kGroups.find((group) => group.id === route.value.query['group'])?.id ?? 'catalogue';
  const of = (group: string) => (loaded.data?.types ?? []).filter((type) => type.group.toLowerCase() === group);
  const shown = of(chosen);
  return (
    <section aria-labelledby="snapshot">
      <h2 id="snapshot">What is in the backup</h2>
      <Tabs
        label="Groups of content types"
        chosen={chosen}
        choose={(group) => refine({ group: group === 'catalogue' ? null : group })}
        tabs={kGroups.map(({ id, label }) => ({
          id,
          label: (
            <>
              {label}
              {loaded.data && <span class="tab-count">{of(id).length}</span>}
            </>
          ),
        }))}
      >
        {loaded.error !== null && !loaded.data && <Failure error={loaded.error} again={loaded.again} />}
        {!loaded.data && loaded.error === null && <Skeleton lines={5} label="Loading the content types" />}
        {loaded.data &&
          (shown.length > 0 ? (
            <TypeTable store={store} types={shown} />
          ) : (
            <Empty title="Nothing of this group is backed up by this version">
              What your store holds here is not protected by Backstock. Keep another copy of it.
            </Empty>
          ))}
      </Tabs>
    </section>
  );
}

function LastRuns({ store }: { store: Store }) {
  const loaded = useLoad(`runs ${store.name}`, (signal) => get<Runs>('runs', { store: store.name, limit: kRunsShown }, signal), {
    revision: revisionOf(store),
  });
  return (
    <section aria-labelledby="runs">
      <div class="section-head">
        <h2 id="runs">Last runs</h2>
        {loaded.data?.next != null && <a href={link('runs', { store: store.name })}>All runs</a>}
      </div>
      {loaded.error !== null && !loaded.data && <Failure error={loaded.error} again={loaded.again} />}
      {!loaded.data && loaded.error === null && <Skeleton lines={4} label="Loading the last runs" />}
      {loaded.data && loaded.data.runs.length === 0 && (
        <Empty icon="clock" title="No backup has run yet">
          Press “Back up now” to start the first one. It reads the whole store once.
        </Empty>
      )}
      {loaded.data && loaded.data.runs.length > 0 && <RunTable store={store} runs={loaded.data.runs} />}
    </section>
  );
}

export function Dashboard({ store }: { store: Store }) {
  return (
    <>
      <h1 class="visually-hidden" tabIndex={-1}>
        Dashboard
      </h1>
      <Verdict store={store} />
      <Facts store={store} />
      <Snapshot store={store} />
      <LastRuns store={store} />
    </>
  );
}
