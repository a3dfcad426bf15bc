// Who is signed in. `session` is null until the daemon has been asked.
import { signal } from '@preact/signals';
import { get, post, remove, useSession, whenSignedOut, Trouble } from './client';
import type { Session } from './types';

export const session = signal<Session | null>(null);
/** Why the first question found no answer. */
export const sessionTrouble = signal<Trouble | null>(null);
/** The session ended by itself, not by the button. */
export const hasExpired = signal(false);

function take(answer: Session): void {
  useSession(answer);
  sessionTrouble.value = null;
  session.value = answer;
}

export async function askSession(): Promise<void> {
  try {
    take(await get<Session>('session'));
  } catch (error) {
    if (error instanceof Trouble) sessionTrouble.value = error;
    else throw error;
  }
}

export async function signIn(password: string): Promise<void> {
  const answer = await post<Session>('session', { password });
  hasExpired.value = false;
  take(answer);
}

export async function setUp(link: string, password: string): Promise<void> {
  const answer = await post<Session>('setup', { link, password });
  hasExpired.value = false;
  take(answer);
}

export async function signOut(): Promise<void> {
  try {
    await remove('session');
  } catch (error) {
    // It had ended already: what was wanted is so.
    if (!(error instanceof Trouble) || error.status !== 401) throw error;
  }
  hasExpired.value = false;
  await askSession();
}

function expire(): void {
  const known = session.value;
  if (known === null || known.state !== 'signed_in') return;
  hasExpired.value = true;
  take({ ...known, state: 'signed_out', csrf: null });
}

whenSignedOut(expire);

/** Whether the session still lives, where nothing else would tell. */
export async function checkSession(): Promise<void> {
  try {
    if ((await get<Session>('session')).state !== 'signed_in') expire();
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
  }
}
