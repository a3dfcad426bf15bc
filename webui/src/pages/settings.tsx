// What is set on the page itself: the password, tokens for scripts, colours. All else is in the configuration file.
import { useState } from 'preact/hooks';
import { get, post, remove } from '../api/client';
import { status } from '../api/live';
import { askSession, session } from '../api/session';
import type { NewToken, Token, TokenAccess, Tokens } from '../api/types';
import { Copy } from '../parts/copy';
import { Dialog } from '../parts/dialog';
import { kLongest, kShortest, PasswordField, passwordFault } from '../parts/password_field';
import { Segments } from '../parts/segments';
import { Empty, Failure, Skeleton } from '../parts/states';
import { Table } from '../parts/table';
import { Name } from '../parts/text';
import { When } from '../parts/when';
import { announce } from '../lib/announce';
import { zoneName } from '../lib/format';
import { useLoad } from '../lib/load';
import { chooseTheme, kThemes, theme } from '../lib/theme';

const kAccess: Record<TokenAccess, { word: string; more: string }> = {
  read: { word: 'Read', more: 'May look at everything that Backstock keeps.' },
  operate: { word: 'Operate', more: 'May look, and start and cancel backups.' },
};

function Password() {
  const [old, setOld] = useState('');
  const [fresh, setFresh] = useState('');
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const [isDone, setDone] = useState(false);
  const fault = passwordFault(fresh);
  const act = async () => {
    setBusy(true);
    setError(null);
    setDone(false);
    try {
      await post('password', { old, new: fresh });
      setOld('');
      setFresh('');
      setDone(true);
      await askSession();
    } catch (caught) {
      setError(caught);
    }
    setBusy(false);
  };
  return (
    <section class="setting" aria-labelledby="password">
      <div>
        <h2 id="password">Password</h2>
        <p class="quiet">Everybody else who is signed in is signed out when it changes.</p>
      </div>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (fault === null) void act();
        }}
      >
        <input class="visually-hidden" type="text" name="username" autocomplete="username" value="backstock" readOnly tabIndex={-1} aria-hidden="true" />
        <PasswordField label="Present password" value={old} set={setOld} />
        <PasswordField label="New password" value={fresh} set={setFresh} isNew describedBy="rules" />
        <p class="hint" id="rules">
          {kShortest} to {kLongest} characters; a few words in a row are good. {fault !== null && fresh !== '' && <strong>{fault}</strong>}
        </p>
        {error !== null && <Failure error={error} />}
        {isDone && (
          <p class="note" data-tone="good" role="status">
            The password has been changed.
          </p>
        )}
        <button disabled={isBusy || old === '' || fault !== null}>Change password</button>
      </form>
    </section>
  );
}

function Revoke({ token, close, done }: { token: Token; close: () => void; done: () => void }) {
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const act = async () => {
    setBusy(true);
    try {
      await remove('tokens', { id: token.id });
      announce('The token has been revoked.');
      done();
    } catch (caught) {
      setError(caught);
      setBusy(false);
    }
  };
  return (
    <Dialog
      title="Revoke this token?"
      close={close}
      actions={
        <>
          <button type="button" onClick={close}>
            Keep it
          </button>
          <button type="button" class="danger" disabled={isBusy} onClick={() => void act()}>
            Revoke token
          </button>
        </>
      }
    >
      <p>
        Scripts and monitors that use “<Name text={token.name} length={60} />” are refused from then on. It cannot be brought back.
      </p>
      {error !== null && <Failure error={error} />}
    </Dialog>
  );
}

function NewTokenForm({ made }: { made: (token: NewToken) => void }) {
  const [name, setName] = useState('');
  const [access, setAccess] = useState<TokenAccess>('read');
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const act = async () => {
    setBusy(true);
    setError(null);
    try {
      made(await post<NewToken>('tokens', { name: name.trim(), access }));
      setName('');
    } catch (caught) {
      setError(caught);
    }
    setBusy(false);
  };
  return (
    <form
      class="new-token"
      onSubmit={(event) => {
        event.preventDefault();
        void act();
      }}
    >
      <div class="field">
        <label for="token-name">New token for</label>
        <input
          id="token-name"
          value={name}
          maxLength={100}
          placeholder="Uptime monitor"
          autocomplete="off"
          onInput={(event) => setName(event.currentTarget.value)}
        />
      </div>
      <Segments
        legend="What it may do"
        options={(['read', 'operate'] as const).map((value) => ({ value, label: kAccess[value].word }))}
        chosen={access}
        choose={setAccess}
      />
      <button disabled={isBusy || name.trim() === ''}>Make token</button>
      <p class="hint">{kAccess[access].more}</p>
      {error !== null && <Failure error={error} />}
    </form>
  );
}

function ApiTokens() {
  const loaded = useLoad('tokens', (signal) => get<Tokens>('tokens', {}, signal));
  const [made, setMade] = useState<NewToken | null>(null);
  const [revoking, setRevoking] = useState<Token | null>(null);
  const tokens = loaded.data?.tokens ?? [];
  return (
    <section class="setting" aria-labelledby="tokens">
      <div>
        <h2 id="tokens">Tokens</h2>
        <p class="quiet">For scripts and monitors, which cannot type a password. Each is shown once, when it is made.</p>
      </div>
      <div>
        <NewTokenForm
          made={(token) => {
            setMade(token);
            loaded.again();
          }}
        />
        {made && (
          <div class="note" data-tone="good" role="status">
            <div>
              <p>
                <strong>Copy the token now:</strong> it is not shown again.
              </p>
              <p class="command">
                <code>{made.token}</code> <Copy what="token" text={() => made.token} />
              </p>
            </div>
          </div>
        )}
        {loaded.error !== null && !loaded.data && <Failure error={loaded.error} again={loaded.again} />}
        {!loaded.data && loaded.error === null && <Skeleton lines={3} label="Loading the tokens" />}
        {loaded.data && tokens.length === 0 && <Empty icon="lock" title="No tokens" />}
        {tokens.length > 0 && (
          <Table
            label="Tokens"
            rows={tokens}
            rowKey={(token) => token.id}
            columns={[
              { head: 'Name', as: 'start', cell: (token) => <Name text={token.name} length={80} /> },
              { head: 'May', cell: (token) => kAccess[token.access].word },
              { head: 'Made', cell: (token) => <When at={token.created_at} as="exact" /> },
              { head: 'Last used', cell: (token) => <When at={token.last_used_at} /> },
              {
                head: 'Revoke',
                as: 'actions',
                cell: (token) => (
                  <button type="button" class="small-button" aria-label={`Revoke ${token.name}`} onClick={() => setRevoking(token)}>
                    Revoke
                  </button>
                ),
              },
            ]}
          />
        )}
        {revoking && (
          <Revoke
            token={revoking}
            close={() => setRevoking(null)}
            done={() => {
              if (made?.id === revoking.id) setMade(null);
              setRevoking(null);
              loaded.again();
            }}
          />
        )}
      </div>
    </section>
  );
}

export function SettingsPage() {
  return (
    <>
      <div class="title-row">
        <h1 tabIndex={-1}>Settings</h1>
      </div>
      <Password />
      <ApiTokens />
      <section class="setting" aria-labelledby="colours">
        <div>
          <h2 id="colours">Colours</h2>
          <p class="quiet">Kept in this browser.</p>
        </div>
        <div>
          <Segments
            legend="Colours"
            options={kThemes.map(({ theme: value, label }) => ({ value, label }))}
            chosen={theme.value}
            choose={chooseTheme}
          />
        </div>
      </section>
      <section class="setting" aria-labelledby="about">
        <div>
          <h2 id="about">About</h2>
        </div>
        <div>
          <p>
            Backstock {status.value?.version ?? session.value?.version}. Times are shown in {zoneName()}, your browser’s zone; pointing at one shows
            it in UTC.
          </p>
          <p class="quiet">
            Stores, schedules and all else are set in the configuration file on the server. <code>backstock config show</code> says what is in
            effect, and from where.
          </p>
        </div>
      </section>
    </>
  );
}
