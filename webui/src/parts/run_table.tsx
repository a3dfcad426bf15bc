// Runs, newest first.
import type { Run, Store } from '../api/types';
import { count, counted, lasted, parseTime, sentence } from '../lib/format';
import { link } from '../lib/route';
import { kindSaid, originSaid, outcomeSaid, plain, type Said } from '../lib/words';
import { Mark } from './mark';
import { Table } from './table';
import { LongText } from './text';
import { When } from './when';

export function runLasted(run: { started_at: string | null; ended_at: string | null }): string | null {
  const from = parseTime(run.started_at);
  const to = parseTime(run.ended_at);
  return from && to ? lasted(to.getTime() - from.getTime()) : null;
}

/** A run that has no end and is not the running one was cut off: the next one takes it up. */
export function runSaid(run: Run, store: Store): Said {
  if (run.outcome === 'running' && store.running?.run !== run.run) return { word: 'Interrupted', tone: 'notice', icon: 'pause' };
  return outcomeSaid(run.outcome);
}

export function RunTable({ store, runs }: { store: Store; runs: Run[] }) {
  return (
    <Table
      label="Runs"
      rows={runs}
      rowKey={(run) => run.run}
      columns={[
        {
          head: 'Run',
          as: 'start',
          cell: (run) => (
            <>
              <a href={link('run', { store: store.name, run: run.run })}>{kindSaid(run.kind)}</a>
              <span class="quiet small block">{plain(originSaid(run.origin))}</span>
            </>
          ),
        },
        { head: 'Started', cell: (run) => <When at={run.started_at} as="both" /> },
        { head: 'Took', as: 'short', cell: (run) => runLasted(run) ?? <span class="quiet">–</span> },
        { head: 'New versions', as: 'number', cell: (run) => count(run.versions) },
        {
          head: 'Outcome',
          as: 'wide',
          cell: (run) => (
            <>
              <Mark said={runSaid(run, store)} />
              {run.problems > 0 && <span class="small"> {counted(run.problems, 'problem')}</span>}
              {run.message && (
                <span class="quiet small block">
                  <LongText text={sentence(run.message)} length={160} />
                </span>
              )}
            </>
          ),
        },
      ]}
    />
  );
}
