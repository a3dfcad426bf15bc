// The way in: the password, and where to get another.
import { useEffect, useState } from 'preact/hooks';
import { Trouble } from '../api/client';
import { hasExpired, session, signIn } from '../api/session';
import { Copy } from '../parts/copy';
import { Gate } from '../parts/gate';
import { PasswordField } from '../parts/password_field';
import { Failure } from '../parts/states';

const kLinkCommand = 'backstock admin link';

function Forgotten() {
  return (
    <details class="forgotten">
      <summary>Forgotten the password?</summary>
      <p>On the server, this prints a link with which you set another one:</p>
      <p class="command">
        <code>{kLinkCommand}</code> <Copy what="command" text={() => kLinkCommand} />
      </p>
    </details>
  );
}

export function SignIn() {
  const [password, setPassword] = useState('');
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const [wait, setWait] = useState(0);
  useEffect(() => {
    document.title = 'Sign in – Backstock';
  }, []);
  useEffect(() => {
    if (wait <= 0) return;
    const timer = window.setTimeout(() => setWait(wait - 1), 1000);
    return () => window.clearTimeout(timer);
  }, [wait]);
  const act = async () => {
    setBusy(true);
    setError(null);
    try {
      await signIn(password);
    } catch (caught) {
      setError(caught);
      setBusy(false);
      if (caught instanceof Trouble && caught.retryAfter !== null) setWait(caught.retryAfter);
    }
  };
  return (
    <Gate title="Sign in to Backstock">
      {hasExpired.value && (
        <p class="note">
          You were signed out, because nothing happened here for {session.value?.idle_minutes ?? 30} minutes. Sign in to go on where you were.
        </p>
      )}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void act();
        }}
      >
        <input class="visually-hidden" type="text" name="username" autocomplete="username" value="backstock" readOnly tabIndex={-1} aria-hidden="true" />
        <PasswordField label="Password" value={password} set={setPassword} autoFocus invalid={error !== null || undefined} />
        {error !== null && <Failure error={error} />}
        <button class="primary wide" disabled={isBusy || wait > 0 || password === ''}>
          {wait > 0 ? `Wait ${wait} s` : isBusy ? 'Signing in…' : 'Sign in'}
        </button>
      </form>
      <Forgotten />
    </Gate>
  );
}
