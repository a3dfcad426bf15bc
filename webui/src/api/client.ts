// The only fetch(). Errors become a Trouble in people's words; the session's CSRF value goes along with every write.
import type { Problem, Session } from './types';

const kPatienceMs = 60_000;

/** What went wrong, in the three halves of the daemon's sentence. */
export class Trouble extends Error {
  constructor(
    readonly what: string,
    readonly why: string,
    readonly next: string,
    /** 0: no answer at all. */
    readonly status: number,
    readonly retryAfter: number | null = null,
  ) {
    super(`${what}: ${why}`);
  }
}

let csrf: string | null = null;
let onSignedOut: () => void = () => {};

export function useSession(session: Session): void {
  csrf = session.csrf;
}

/** Called when an answer says that there is no session any more. */
export function whenSignedOut(act: () => void): void {
  onSignedOut = act;
}

type Params = Record<string, string | number | null | undefined>;

export function address(path: string, params: Params = {}): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(params)) {
    if (value !== null && value !== undefined) search.set(key, String(value));
  }
  const text = search.toString();
  return `/api/v1/${path}${text ? `?${text}` : ''}`;
}

function noAnswer(): Trouble {
  return new Trouble(
    'Backstock does not answer',
    'the program on the server is not running, or the connection to it is cut',
    'this page keeps trying; on the server, “systemctl status backstock” says more',
    0,
  );
}

async function troubleOf(answer: Response): Promise<Trouble> {
  const seconds = Number.parseInt(answer.headers.get('Retry-After') ?? '', 10);
  const retryAfter = Number.isNaN(seconds) ? null : seconds;
  try {
    const problem = (await answer.json()) as Partial<Problem>;
    if (typeof problem.what === 'string' && problem.what !== '') {
      return new Trouble(problem.what, problem.why ?? '', problem.next ?? '', answer.status, retryAfter);
    }
  } catch {
    // No problem+json: a proxy answered, or the answer was cut.
  }
  const why = `the answer was ${answer.status} ${answer.statusText}`.trim();
  return new Trouble('This did not work', why, 'try again; the log of the program says more', answer.status, retryAfter);
}

async function send(method: string, url: string, body: unknown, outer?: AbortSignal): Promise<Response> {
  const stop = new AbortController();
  const giveUp = () => stop.abort();
  outer?.addEventListener('abort', giveUp);
  const timer = window.setTimeout(giveUp, kPatienceMs);
  const headers: Record<string, string> = {};
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (method !== 'GET' && csrf !== null) headers['X-Backstock-CSRF'] = csrf;
  try {
    const answer = await fetch(url, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      cache: 'no-store',
      credentials: 'same-origin',
      redirect: 'error',
      signal: stop.signal,
    });
    if (answer.ok) return answer;
    const trouble = await troubleOf(answer);
    // Signing in with a wrong password is a 401 too, and no end of a session.
    if (answer.status === 401 && !(method === 'POST' && url === address('session'))) onSignedOut();
    throw trouble;
  } catch (error) {
    throw error instanceof Trouble ? error : noAnswer();
  } finally {
    window.clearTimeout(timer);
    outer?.removeEventListener('abort', giveUp);
  }
}

async function json<T>(answer: Response): Promise<T> {
  try {
    return (await answer.json()) as T;
  } catch {
    throw noAnswer();
  }
}

export async function get<T>(path: string, params: Params = {}, signal?: AbortSignal): Promise<T> {
  return json<T>(await send('GET', address(path, params), undefined, signal));
}

/** The answer's text as it came. */
export async function getText(path: string, params: Params, signal?: AbortSignal): Promise<string> {
  const answer = await send('GET', address(path, params), undefined, signal);
  try {
    return await answer.text();
  } catch {
    throw noAnswer();
  }
}

/** The events of an answer that goes on, each as it comes, until its end; given up by the signal. */
export async function getEvents(path: string, params: Params, take: (name: string, data: unknown) => void, signal: AbortSignal): Promise<void> {
  const answer = await send('GET', address(path, params), undefined, signal);
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
  signal.addEventListener('abort', () => void reader.cancel());
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done || signal.aborted) return;
      const events = (rest + value).split('\n\n');
      rest = events.pop() ?? '';
      for (const event of events) {
        const parts = /^event: (\w+)\ndata: (.*)$/s.exec(event);
        if (parts) take(parts[1] ?? '', JSON.parse(parts[2] ?? 'null'));
      }
    }
  } catch {
    throw noAnswer();
  }
}

export async function post<T>(path: string, body: unknown): Promise<T> {
  return json<T>(await send('POST', address(path), body));
}

export async function remove(path: string, params: Params = {}): Promise<void> {
  await send('DELETE', address(path, params), undefined);
}

/** Whether anybody answers; asks an open address, so that looking does not prolong a session. */
export async function isThere(): Promise<boolean> {
  try {
    return (await fetch('/healthz', { cache: 'no-store', credentials: 'omit', signal: AbortSignal.timeout(10_000) })).ok;
  } catch {
    return false;
  }
}
