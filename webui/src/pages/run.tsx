// One run: how it ended, and what it did with each content type.
import { get } from '../api/client';
import { revisionOf } from '../api/current';
import type { RunDetail, RunType, Store } from '../api/types';
import { Mark } from '../parts/mark';
import { Progress } from '../parts/progress';
import { runLasted, runSaid } from '../parts/run_table';
import { Empty, Failure, Skeleton } from '../parts/states';
import { Table } from '../parts/table';
import { LongText } from '../parts/text';
import { When } from '../parts/when';
import { count, counted, sentence } from '../lib/format';
import { useLoad } from '../lib/load';
import { route } from '../lib/location';
import { link } from '../lib/route';
import { kindSaid, originSaid, outcomeSaid, plain, runTypeSaid } from '../lib/words';

const kProblemsShown = 20;

function Problems({ types }: { types: RunType[] }) {
  const troubled = types.filter((type) => type.problems.length > 0 || (type.message !== null && type.outcome !== 'done'));
  if (troubled.length === 0) return null;
  return (
    <section aria-labelledby="problems">
      <h2 id="problems">Problems</h2>
      {troubled.map((type) => (
        <div key={type.type} class="problem-group">
          <h3>{type.label}</h3>
          <ul class="problems">
            {type.message !== null && type.outcome !== 'done' && (
              <li>
                <LongText text={sentence(type.message)} />
              </li>
            )}
            {type.problems.slice(0, kProblemsShown).map((problem, i) => (
              <li key={i}>
                <LongText text={sentence(problem)} />
              </li>
            ))}
            {type.problems.length > kProblemsShown && (
              <li class="quiet">And {counted(type.problems.length - kProblemsShown, 'more problem')} of the same content type.</li>
            )}
          </ul>
        </div>
      ))}
    </section>
  );
}

function How({ type }: { type: RunType }) {
  const words = [type.full ? 'Read everything' : 'Read what changed', type.complete || !type.full ? null : 'not to its end'];
  return <>{words.filter(Boolean).join(', ')}</>;
}

export function RunPage({ store }: { store: Store }) {
  const number = route.value.query['run'] ?? '';
  const loaded = useLoad(`run ${store.name} ${number}`, (signal) => get<RunDetail>('run', { store: store.name, run: number }, signal), {
    revision: revisionOf(store),
  });
  const run = loaded.data;
  const took = run && runLasted(run);
  return (
    <>
      <nav class="crumbs" aria-label="Breadcrumb">
        <a href={link('runs', { store: store.name })}>Runs</a>
      </nav>
      <div class="title-row">
        <h1 tabIndex={-1}>
          {run ? kindSaid(run.kind) : 'Run'}
          {run && (
            <>
              {', '}
              <When at={run.started_at} as="exact" />
            </>
          )}
        </h1>
        {run && <Mark said={runSaid(run, store)} />}
      </div>
      {loaded.error !== null && !run && <Failure error={loaded.error} again={loaded.again} />}
      {!run && loaded.error === null && <Skeleton lines={6} label="Loading the run" />}
      {run && (
        <>
          {run.message && (
            <p class="note" data-tone={runSaid(run, store).tone}>
              <LongText text={sentence(run.message)} />
            </p>
          )}
          {store.running?.run === run.run && <Progress store={store} running={store.running} />}
          <dl class="facts">
            <div>
              <dt>Asked for</dt>
              <dd>{plain(originSaid(run.origin))}</dd>
            </div>
            <div>
              <dt>Started</dt>
              <dd>
                <When at={run.started_at} as="both" />
              </dd>
            </div>
            <div>
              <dt>Ended</dt>
              <dd>
                <When at={run.ended_at} as="both" none="Not yet" />
                {took && <span class="quiet small block">It took {took}</span>}
              </dd>
            </div>
            <div>
              <dt>New versions</dt>
              <dd>{count(run.versions)}</dd>
            </div>
            <div>
              <dt>Problems</dt>
              <dd>{run.problems === 0 ? 'None' : count(run.problems)}</dd>
            </div>
          </dl>
          <Problems types={run.types} />
          <section aria-labelledby="types">
            <h2 id="types">By content type</h2>
            {run.types.length === 0 ? (
              <Empty icon="clock" title="No content type has been looked at yet" />
            ) : (
              <Table
                label="By content type"
                rows={run.types}
                rowKey={(type) => type.type}
                columns={[
                  {
                    head: 'Item',
                    as: 'start',
                    cell: (type) => <a href={link('items', { store: store.name, type: type.type })}>{type.label}</a>,
                  },
                  { head: 'Outcome', cell: (type) => <Mark said={outcomeSaid(type.outcome)} /> },
                  { head: 'How', cell: (type) => <How type={type} /> },
                  { head: 'Found', cell: (type) => runTypeSaid(type, count) ?? <span class="quiet">no change</span> },
                  { head: 'Read', as: 'number', cell: (type) => count(type.seen) },
                  { head: 'Unchanged', as: 'number', cell: (type) => count(type.unchanged) },
                  { head: 'Requests', as: 'number', cell: (type) => count(type.requests) },
                  { head: 'Took', as: 'number', cell: (type) => runLasted(type) ?? <span class="quiet">–</span> },
                ]}
              />
            )}
          </section>
        </>
      )}
    </>
  );
}
