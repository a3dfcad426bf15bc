// "Back up now", for all content types or one: says what it does to the store, then starts it.
import { useState } from 'preact/hooks';
import { post } from '../api/client';
import { askNow, connection } from '../api/live';
import type { BackupAccepted, Store } from '../api/types';
import { announce } from '../lib/announce';
import { Dialog } from './dialog';
import { Icon } from './icon';
import { Failure } from './states';

interface Props {
  store: Store;
  /** Without one: all. */
  type?: { type: string; label: string };
}

function Question({ store, type, close }: Props & { close: () => void }) {
  const [isFull, setFull] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const what = type ? type.label : 'Everything';
  const start = async () => {
    setBusy(true);
    try {
      await post<BackupAccepted>('backups', { store: store.name, types: type ? [type.type] : [], full: isFull });
      announce(store.running ? `${what}: the backup starts when the running one has ended.` : `${what}: the backup starts.`);
      askNow();
      close();
    } catch (caught) {
      setError(caught);
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={type ? `Back up ${type.label} now?` : 'Back up now?'}
      close={close}
      actions={
        <>
          <button type="button" onClick={close}>
            Not now
          </button>
          <button type="button" class="primary" disabled={isBusy} onClick={() => void start()}>
            Start backup
          </button>
        </>
      }
    >
      <p>
        Backstock <strong>reads</strong> your store; it changes nothing there.
      </p>
      <fieldset class="choices">
        <legend class="visually-hidden">How much to read</legend>
        <label>
          <input type="radio" name="full" checked={!isFull} onChange={() => setFull(false)} />
          <span>
            <strong>What has changed</strong>
            <span class="quiet">Quick: after an edit, or before an import. What was deleted in the store may be noticed only when everything is read.</span>
          </span>
        </label>
        <label>
          <input type="radio" name="full" checked={isFull} onChange={() => setFull(true)} />
          <span>
            <strong>Everything again</strong>
            <span class="quiet">
              Reads every item anew, as the first backup did. It takes longer and uses more of the store’s request quota, of which
              Backstock leaves a share to your other apps.
            </span>
          </span>
        </label>
      </fieldset>
      {store.running && <p class="note">A backup is running. This one starts when it has ended.</p>}
      {error !== null && <Failure error={error} />}
    </Dialog>
  );
}

export function BackUpNow({ store, type }: Props) {
  const [isAsking, ask] = useState(false);
  const why =
    connection.value === 'lost'
      ? 'Backstock does not answer'
      : store.state === 'unavailable'
        ? 'Not while the backup of this store cannot be opened'
        : undefined;
  return (
    <>
      <button
        type="button"
        class={type ? 'small-button' : 'primary'}
        aria-label={type ? `Back up ${type.label} now` : undefined}
        disabled={why !== undefined}
        title={why}
        onClick={() => ask(true)}
      >
        {!type && <Icon name="play" />}
        {type ? 'Back up' : 'Back up now'}
      </button>
      {isAsking && <Question store={store} type={type} close={() => ask(false)} />}
    </>
  );
}
