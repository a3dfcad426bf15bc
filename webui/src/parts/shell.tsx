// What is around every page: the store switch, the navigation, the live state, sign out.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { remember, store } from '../api/current';
import { askNow, connection, heardAt, status, type Connection } from '../api/live';
import { session, signOut } from '../api/session';
import type { Level, Store } from '../api/types';
import { announce, announced } from '../lib/announce';
import { exact, zoneName } from '../lib/format';
import { route } from '../lib/location';
import { link } from '../lib/route';
import { chooseTheme, theme } from '../lib/theme';
import { Icon, Logo, type Drawing } from './icon';
import { Name } from './text';

const kNavigation: { page: string; label: string; icon: Drawing; also: string[] }[] = [
  { page: '', label: 'Dashboard', icon: 'home', also: [] },
  { page: 'items', label: 'Items', icon: 'stack', also: ['item'] },
  { page: 'search', label: 'Search', icon: 'search', also: [] },
  { page: 'runs', label: 'Runs', icon: 'list', also: ['run'] },
  { page: 'settings', label: 'Settings', icon: 'gear', also: [] },
];

const kConnections: Record<Connection, { word: string; tone: string; more: string }> = {
  connecting: { word: 'Connecting', tone: 'notice', more: 'Asking the server for the newest state' },
  live: { word: 'Live', tone: 'good', more: 'Changes appear here by themselves' },
  asking: { word: 'Every 5 s', tone: 'good', more: 'The live connection does not come through; this page asks every 5 seconds' },
  lost: { word: 'No answer', tone: 'bad', more: 'Backstock on the server does not answer' },
};

const kLevelIcons: Record<Level, Drawing> = { good: 'check', notice: 'alert', bad: 'cross' };
const kLevelWords: Record<Level, string> = { good: 'fine', notice: 'look at it', bad: 'needs you' };

const titleOf = (one: Store) => one.title ?? one.name;

function StoreSwitch({ stores, current }: { stores: Store[]; current: Store }) {
  const [isOpen, open] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!isOpen) return;
    const outside = (event: Event) => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) open(false);
    };
    document.addEventListener('pointerdown', outside);
    document.addEventListener('focusin', outside);
    return () => {
      document.removeEventListener('pointerdown', outside);
      document.removeEventListener('focusin', outside);
    };
  }, [isOpen]);
  const face = (
    <>
      <span class="store-name">
        <Name text={titleOf(current)} length={60} />
      </span>
      <span class="store-hash">{current.store_hash}</span>
    </>
  );
  if (stores.length < 2) return <div class="store-switch">{face}</div>;
  const onKey = (event: KeyboardEvent) => {
    if (!isOpen) return;
    const links = [...(root.current?.querySelectorAll<HTMLElement>('.store-menu a') ?? [])];
    const at = links.findIndex((one) => one === document.activeElement);
    if (event.key === 'Escape') {
      open(false);
      button.current?.focus();
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      links[(at + (event.key === 'ArrowDown' ? 1 : links.length - (at < 0 ? 0 : 1))) % links.length]?.focus();
    }
  };
  return (
    <div class="store-switch" ref={root} onKeyDown={onKey}>
      <button type="button" ref={button} class="store-button" aria-expanded={isOpen} aria-controls="stores" onClick={() => open(!isOpen)}>
        <span class="store-face">
          <span class="visually-hidden">Store: </span>
          {face}
        </span>
        <Icon name="down" />
      </button>
      <ul id="stores" class="store-menu" hidden={!isOpen}>
        {stores.map((one) => (
          <li key={one.name}>
            <a
              href={link('', { store: one.name })}
              aria-current={one.name === current.name ? 'true' : undefined}
              onClick={() => {
                remember(one.name);
                open(false);
              }}
            >
              <span class="level" data-tone={one.verdict.level}>
                <Icon name={kLevelIcons[one.verdict.level]} />
              </span>
              <span class="store-face">
                <span class="store-name">
                  <Name text={titleOf(one)} length={60} />
                </span>
                <span class="store-hash">
                  {one.store_hash} · {kLevelWords[one.verdict.level]}
                </span>
              </span>
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}

function LiveState() {
  const { word, tone, more } = kConnections[connection.value];
  return (
    <span class="live" data-tone={tone} title={more}>
      <span class="live-dot" aria-hidden="true" />
      {word}
    </span>
  );
}

function ThemeButton() {
  const isDark = document.documentElement.dataset.theme === 'dark';
  void theme.value; // redrawn when it changes
  const label = isDark ? 'Light colours' : 'Dark colours';
  return (
    <button type="button" class="icon-button" aria-label={label} title={label} onClick={() => chooseTheme(isDark ? 'light' : 'dark')}>
      <Icon name={isDark ? 'sun' : 'moon'} />
    </button>
  );
}

function Lost() {
  if (connection.value !== 'lost') return null;
  return (
    <div class="banner" role="alert">
      <Icon name="alert" />
      <div>
        <strong>Backstock does not answer.</strong>{' '}
        {heardAt.value ? `What you see is from ${exact(heardAt.value)}.` : ''} The page keeps trying. On the server,{' '}
        <code>systemctl status backstock</code> says more.
      </div>
      <button type="button" onClick={askNow}>
        Try now
      </button>
    </div>
  );
}

function worst(stores: Store[]): Level {
  if (stores.some((one) => one.verdict.level === 'bad')) return 'bad';
  return stores.some((one) => one.verdict.level === 'notice') ? 'notice' : 'good';
}

/** The tab of the browser says it too, for those who keep the page open behind others. */
function useTabFace(page: string): void {
  const shown = store.value;
  const level = connection.value === 'lost' ? 'bad' : worst(status.value?.stores ?? []);
  const running = shown?.running;
  const percent = running && running.total ? `${Math.floor((100 * Math.min(running.done, running.total)) / running.total)}% · ` : '';
  const trouble = level === 'bad' ? '(!) ' : '';
  const title = `${trouble}${percent}${page}${shown ? ` – ${titleOf(shown)}` : ''} – Backstock`;
  useEffect(() => {
    document.title = title;
  }, [title]);
  useEffect(() => {
    const icon = document.getElementById('icon');
    icon?.setAttribute('href', level === 'good' ? 'favicon.svg' : `favicon-${level}.svg`);
  }, [level]);
}

/** Says when a run begins, comes to its next type, and ends; not every number in between. */
function useProgressAnnounced(): void {
  const shown = store.value;
  const said = useRef<string | null>(null);
  const doing = shown?.running ? `Backing up ${shown.running.label ?? shown.running.type ?? titleOf(shown)}.` : '';
  const key = `${shown?.name} ${doing}`;
  useEffect(() => {
    const before = said.current;
    said.current = key;
    if (!shown || before === null || before === key) return;
    if (doing) announce(doing);
    else if (before.startsWith(`${shown.name} B`)) announce(`The backup has ended. ${shown.verdict.text}`);
  }, [key]);
}

export function Shell({ title, children }: { title: string; children: ComponentChildren }) {
  useTabFace(title);
  useProgressAnnounced();
  const main = useRef<HTMLElement>(null);
  const page = route.value.path[0] ?? '';
  const stores = status.value?.stores ?? [];
  const current = store.value;
  const leave = async () => {
    try {
      await signOut();
    } catch {
      announce('Signing out did not work: Backstock does not answer.');
    }
  };
  return (
    <div class="shell">
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        Skip to content
      </a>
      <header class="side">
        <div class="side-inner">
          <div class="brand">
            <Logo size={24} /> Backstock
          </div>
          {current && <StoreSwitch stores={stores} current={current} />}
          <nav aria-label="Main">
            <ul>
              {kNavigation.map(({ page: to, label, icon, also }) => {
                const isHere = page === to || also.includes(page);
                return (
                  <li key={to}>
                    <a href={link(to, { store: current?.name })} aria-current={isHere ? 'page' : undefined}>
                      <Icon name={icon} />
                      {label}
                    </a>
                  </li>
                );
              })}
            </ul>
          </nav>
        </div>
        <div class="tools">
          <LiveState />
          <ThemeButton />
          <button type="button" class="icon-button" aria-label="Sign out" title="Sign out" onClick={() => void leave()}>
            <Icon name="out" />
          </button>
        </div>
      </header>
      <main id="main" tabIndex={-1} ref={main}>
        <Lost />
        {children}
        <footer>
          <span>Backstock {status.value?.version ?? session.value?.version}</span>
          <span>Times in {zoneName()}</span>
        </footer>
      </main>
      <div class="visually-hidden" aria-live="polite">
        {announced.value}
      </div>
    </div>
  );
}
