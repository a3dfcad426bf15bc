// What is being backed up now, how far it is, and how long it may still take.
import { useState } from 'preact/hooks';
import { post } from '../api/client';
import type { Running, Store } from '../api/types';
import { announce } from '../lib/announce';
import { about, count, counted } from '../lib/format';
import { kindSaid, phaseSaid } from '../lib/words';
import { Dialog } from './dialog';
import { Icon } from './icon';
import { Failure } from './states';

/** Null where the total is not known. */
export function share(running: Running): number | null {
  if (running.total === null || running.total <= 0) return null;
  return Math.min(1, running.done / running.total);
}

function remaining(running: Running): string {
  if (running.waiting_for_quota) return 'Waiting: the part of the store’s request quota that Backstock may use is spent for the moment.';
  const { seconds_left: one, seconds_left_all: all } = running;
  const isLast = running.type_number >= running.type_count;
  if (one === null && all === null) return 'How long it takes cannot be said yet.';
  if (all === null) return `${capital(about(one ?? 0))} left for this content type; for all it cannot be said yet.`;
  if (one === null || isLast) return `${capital(about(all))} left.`;
  return `${capital(about(one))} left for this content type, ${about(all)} for all.`;
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

function Cancel({ store, close }: { store: Store; close: () => void }) {
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const act = async () => {
    setBusy(true);
    try {
      await post('backups/cancel', { store: store.name });
      announce('Cancelling the backup.');
      close();
    } catch (caught) {
      setError(caught);
      setBusy(false);
    }
  };
  return (
    <Dialog
      title="Cancel the running backup?"
      close={close}
      actions={
        <>
          <button type="button" onClick={close}>
            Keep it running
          </button>
          <button type="button" class="danger" disabled={isBusy} onClick={() => void act()}>
            Cancel backup
          </button>
        </>
      }
    >
      <p>Nothing changes in your store. What has been stored so far stays, and the next backup goes on from there.</p>
      {store.waiting > 0 && <p>Backups that wait behind it start afterwards.</p>}
      {error !== null && <Failure error={error} />}
    </Dialog>
  );
}

export function Progress({ store, running }: { store: Store; running: Running }) {
  const [isAsking, ask] = useState(false);
  const part = share(running);
  const label = running.label ?? running.type;
  const facts = [
    running.total === null ? `${count(running.done)} read` : `${count(running.done)} of ${count(running.total)} read`,
    counted(running.versions, 'new version'),
    running.per_second !== null && running.per_second > 0 ? `${count(Math.max(1, Math.round(running.per_second)))} per second` : null,
  ].filter((fact) => fact !== null);
  return (
    <section class="running-now" aria-label="Running backup">
      <div class="running-head">
        <div>
          <p class="running-title">
            <Icon name="turn" /> {kindSaid(running.kind)}
            {label && (
              <>
                : <strong>{label}</strong>
              </>
            )}
          </p>
          <p class="quiet small">
            {running.type_count > 0 && `Content type ${running.type_number} of ${running.type_count} · `}
            {phaseSaid(running.phase)}
          </p>
        </div>
        <button type="button" onClick={() => ask(true)}>
          Cancel
        </button>
      </div>
      <progress aria-label={`Progress of ${label ?? 'the backup'}`} value={part ?? undefined} max={1} />
      <p class="running-facts">{facts.join(' · ')}</p>
      <p class="quiet small">{remaining(running)}</p>
      {store.waiting > 0 && <p class="quiet small">{counted(store.waiting, 'more backup')} waiting behind this one.</p>}
      {isAsking && <Cancel store={store} close={() => ask(false)} />}
    </section>
  );
}
