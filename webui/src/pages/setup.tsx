// The first password, or another one, by the one-time link.
import { useEffect, useState } from 'preact/hooks';
import { setUp } from '../api/session';
import { Copy } from '../parts/copy';
import { Gate } from '../parts/gate';
import { kLongest, kShortest, PasswordField, passwordFault } from '../parts/password_field';
import { Failure } from '../parts/states';

export function Setup({ link, isFirst }: { link: string; isFirst: boolean }) {
  const [password, setPassword] = useState('');
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const fault = passwordFault(password);
  useEffect(() => {
    document.title = 'Set a password – Backstock';
  }, []);
  const act = async () => {
    setBusy(true);
    setError(null);
    try {
      await setUp(link, password);
      // The link is used up: it has no place in the history.
      window.location.replace('#/');
    } catch (caught) {
      setError(caught);
      setBusy(false);
    }
  };
  return (
    <Gate title={isFirst ? 'Welcome to Backstock' : 'Set another password'}>
      <p>
        {isFirst
          ? 'Choose the password for this page. Whoever has it can look at everything that Backstock keeps of your stores.'
          : 'With this link you set another password. Everybody who is signed in with the old one is signed out.'}
      </p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (fault === null) void act();
        }}
      >
        <input class="visually-hidden" type="text" name="username" autocomplete="username" value="backstock" readOnly tabIndex={-1} aria-hidden="true" />
        <PasswordField label="New password" value={password} set={setPassword} isNew autoFocus describedBy="rules" />
        <p class="hint" id="rules">
          {kShortest} to {kLongest} characters; a few words in a row are good. {fault !== null && password !== '' && <strong>{fault}</strong>}
        </p>
        {error !== null && <Failure error={error} />}
        <button class="primary wide" disabled={isBusy || fault !== null}>
          {isBusy ? 'Setting…' : 'Set password'}
        </button>
      </form>
    </Gate>
  );
}

/** There is no password yet, and this address has no link. */
export function NeedsLink() {
  useEffect(() => {
    document.title = 'Set a password – Backstock';
  }, []);
  const command = 'backstock admin link';
  return (
    <Gate title="Welcome to Backstock">
      <p>This page has no password yet. It is set by a one-time link, so that nobody else gets here first.</p>
      <p>Backstock printed the link in its log when it started. On the server, this prints a new one:</p>
      <p class="command">
        <code>{command}</code> <Copy what="command" text={() => command} />
      </p>
    </Gate>
  );
}
