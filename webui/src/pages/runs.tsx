// Every run, newest first, a page at a time.
import { useEffect, useState } from 'preact/hooks';
import { get } from '../api/client';
import { revisionOf } from '../api/current';
import type { Run, Runs, Store } from '../api/types';
import { BackUpNow } from '../parts/backup_now';
import { Progress } from '../parts/progress';
import { RunTable } from '../parts/run_table';
import { Empty, Failure, Skeleton } from '../parts/states';
import { useLoad } from '../lib/load';

const kPerPage = 25;

export function RunsPage({ store }: { store: Store }) {
  const [older, setOlder] = useState<{ runs: Run[]; next: string | null } | null>(null);
  const [error, setError] = useState<unknown>(null);
  const loaded = useLoad(`runs ${store.name}`, (signal) => get<Runs>('runs', { store: store.name, limit: kPerPage }, signal), {
    revision: revisionOf(store),
  });
  useEffect(() => setOlder(null), [store.name]);
  const first = loaded.data?.runs ?? [];
  const seen = new Set(first.map((run) => run.run));
  const runs = [...first, ...(older?.runs ?? []).filter((run) => !seen.has(run.run))];
  const next = older ? older.next : (loaded.data?.next ?? null);
  const more = async () => {
    setError(null);
    try {
      const page = await get<Runs>('runs', { store: store.name, before: next, limit: kPerPage });
      // What the first page held when this was pressed stays, also when newer runs push it out.
      setOlder({ runs: [...runs, ...page.runs], next: page.next });
    } catch (caught) {
      setError(caught);
    }
  };
  return (
    <>
      <div class="title-row">
        <h1 tabIndex={-1}>Runs</h1>
        <BackUpNow store={store} />
      </div>
      {store.running && <Progress store={store} running={store.running} />}
      {loaded.error !== null && !loaded.data && <Failure error={loaded.error} again={loaded.again} />}
      {!loaded.data && loaded.error === null && <Skeleton lines={8} label="Loading the runs" />}
      {loaded.data && runs.length === 0 && (
        <Empty icon="clock" title="No backup has run yet">
          Press “Back up now” to start the first one. It reads the whole store once.
        </Empty>
      )}
      {runs.length > 0 && <RunTable store={store} runs={runs} />}
      {error !== null && <Failure error={error} />}
      {next !== null && (
        <div class="pages">
          <button type="button" onClick={() => void more()}>
            Show older runs
          </button>
        </div>
      )}
    </>
  );
}
