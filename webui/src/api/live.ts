// The daemon's status, live: by the event stream; where that does not come through, by asking every few seconds.
//
// Asking prolongs a session, which a page left open must not do for ever. So the poll ends when nobody has touched the
// page for as long as a session may be idle, and whether the daemon is there at all is asked of an open address.
import { signal } from '@preact/signals';
import { get, isThere, Trouble } from './client';
import { checkSession, session } from './session';
import { followDaemonClock } from '../lib/clock';
import { parseTime } from '../lib/format';
import type { Status } from './types';

const kPollMs = 5_000;
const kFirstWordMs = 4_000;
const kHeartbeatMs = 30_000;
const kReopenMs = 10_000;

export type Connection = 'connecting' | 'live' | 'asking' | 'lost';

export const status = signal<Status | null>(null);
export const connection = signal<Connection>('connecting');
/** When the shown status came. */
export const heardAt = signal<Date | null>(null);

let stream: EventSource | null = null;
let pollTimer = 0;
let firstWordTimer = 0;
let heartbeatTimer = 0;
let reopenTimer = 0;
let lastTouch = Date.now();
let isOn = false;
let isAsking = false;
/** The stream was refused while nobody was there: it is opened when somebody is. */
let isWaiting = false;

function touched(): void {
  lastTouch = Date.now();
  if (isWaiting) askNow();
}
for (const event of ['pointerdown', 'keydown', 'wheel', 'touchstart']) {
  window.addEventListener(event, touched, { passive: true, capture: true });
}

function take(answer: Status): void {
  status.value = answer;
  heardAt.value = new Date();
  const time = parseTime(answer.now);
  if (time) followDaemonClock(time);
}

function isAttended(): boolean {
  const idleMs = (session.value?.idle_minutes ?? 30) * 60_000;
  return !document.hidden && Date.now() - lastTouch < idleMs;
}

async function askStatus(): Promise<void> {
  try {
    const answer = await get<Status>('status');
    if (!isOn || connection.value === 'live') return;
    take(answer);
    connection.value = 'asking';
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    // At 401 the sign-in page has taken over.
    if (isOn && connection.value !== 'live' && error.status !== 401) connection.value = 'lost';
  }
}

async function poll(): Promise<void> {
  if (isAsking) return;
  isAsking = true;
  window.clearTimeout(pollTimer);
  pollTimer = 0;
  if (isAttended() || status.value === null) await askStatus();
  isAsking = false;
  if (isOn && connection.value !== 'live') pollTimer = window.setTimeout(() => void poll(), kPollMs);
}

function startPolling(): void {
  if (pollTimer === 0) void poll();
}

function openStream(): void {
  window.clearTimeout(reopenTimer);
  stream?.close();
  const opened = new EventSource('/api/v1/events');
  stream = opened;
  // A proxy may hold the stream back without an error.
  window.clearTimeout(firstWordTimer);
  firstWordTimer = window.setTimeout(() => {
    if (stream === opened && connection.value !== 'live') startPolling();
  }, kFirstWordMs);
  opened.addEventListener('status', (event) => {
    if (stream !== opened) return;
    take(JSON.parse((event as MessageEvent<string>).data) as Status);
    connection.value = 'live';
    window.clearTimeout(pollTimer);
    pollTimer = 0;
  });
  opened.addEventListener('error', () => {
    if (stream !== opened) return;
    if (connection.value === 'live') connection.value = 'connecting';
    // The stream ends with the session, and then nobody may be there to be polled for.
    if (isAttended()) startPolling();
    // The browser tries again by itself unless the answer was a refusal.
    if (opened.readyState !== EventSource.CLOSED) return;
    if (isAttended()) {
      window.clearTimeout(reopenTimer);
      reopenTimer = window.setTimeout(openStream, kReopenMs);
    } else {
      isWaiting = true;
      void checkSession();
    }
  });
}

// A machine that slept, or a cable that was pulled, ends a stream without a word.
async function heartbeat(): Promise<void> {
  if (connection.value !== 'live' || document.hidden) return;
  if (await isThere()) return;
  if (!isOn || connection.value !== 'live') return;
  connection.value = 'lost';
  openStream();
  startPolling();
}

export function startLive(): void {
  if (isOn) return;
  isOn = true;
  lastTouch = Date.now();
  connection.value = 'connecting';
  openStream();
  heartbeatTimer = window.setInterval(() => void heartbeat(), kHeartbeatMs);
}

export function stopLive(): void {
  isOn = false;
  stream?.close();
  stream = null;
  for (const timer of [pollTimer, firstWordTimer, reopenTimer]) window.clearTimeout(timer);
  window.clearInterval(heartbeatTimer);
  pollTimer = 0;
  status.value = null;
  heardAt.value = null;
  connection.value = 'connecting';
}

/** Now rather than in a few seconds. */
export function askNow(): void {
  isWaiting = false;
  if (!isOn || connection.value === 'live') return;
  openStream();
  void poll();
}

window.addEventListener('online', askNow);
document.addEventListener('visibilitychange', () => {
  if (document.hidden) return;
  if (connection.value === 'live') void heartbeat();
  else askNow();
});
