// Mounts the page and picks what is shown by the address.
import { render, type ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { remember, store } from './api/current';
import { connection, startLive, status, stopLive } from './api/live';
import { askSession, session, sessionTrouble } from './api/session';
import type { Store } from './api/types';
import { route } from './lib/location';
import { link } from './lib/route';
import './lib/theme';
import { Dashboard } from './pages/dashboard';
import { ItemPage } from './pages/item';
import { ItemsPage } from './pages/items';
import { RunPage } from './pages/run';
import { RunsPage } from './pages/runs';
import { SearchPage } from './pages/search';
import { SettingsPage } from './pages/settings';
import { NeedsLink, Setup } from './pages/setup';
import { SignIn } from './pages/sign_in';
import { Gate } from './parts/gate';
import { Shell } from './parts/shell';
import { Empty, Failure, Skeleton } from './parts/states';
import './style.css';

const kAskAgainMs = 3_000;

interface View {
  title: string;
  show: (store: Store) => ComponentChildren;
}

const kViews: Record<string, View> = {
  '': { title: 'Dashboard', show: (one) => <Dashboard key={one.name} store={one} /> },
  items: { title: 'Items', show: (one) => <ItemsPage key={one.name} store={one} /> },
  item: { title: 'Item', show: (one) => <ItemPage key={one.name} store={one} /> },
  search: { title: 'Search', show: (one) => <SearchPage key={one.name} store={one} /> },
  runs: { title: 'Runs', show: (one) => <RunsPage key={one.name} store={one} /> },
  run: { title: 'Run', show: (one) => <RunPage key={one.name} store={one} /> },
};

function StoreView({ view }: { view: View }) {
  const shown = store.value;
  useEffect(() => {
    if (shown) remember(shown.name);
  }, [shown?.name]);
  if (shown) return <>{view.show(shown)}</>;
  return (
    <>
      <h1 class="visually-hidden" tabIndex={-1}>
        {view.title}
      </h1>
      <NoStore />
    </>
  );
}

function NoStore() {
  if (!status.value) {
    return connection.value === 'lost' ? <Empty icon="clock" title="Waiting for Backstock to answer" /> : <Skeleton lines={8} />;
  }
  if (status.value.stores.length === 0) {
    return (
      <Empty title="No store is configured yet">
        Add one to the configuration file (<code>/etc/backstock/backstock.yaml</code>) and restart Backstock. <code>backstock config check</code>{' '}
        says whether the file is right.
      </Empty>
    );
  }
  return (
    <Empty title="There is no such store">
      It may have been renamed in the configuration. <a href={link('')}>To the Dashboard</a>
    </Empty>
  );
}

function SignedIn() {
  const page = route.value.path[0] ?? '';
  const view = Object.prototype.hasOwnProperty.call(kViews, page) ? kViews[page] : undefined;
  const before = useRef(page);
  useEffect(() => {
    startLive();
    return stopLive;
  }, []);
  // Another page: readers begin at its heading, as after a click on an ordinary link.
  useEffect(() => {
    if (before.current === page) return;
    before.current = page;
    window.scrollTo(0, 0);
    document.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
  }, [page]);
  if (page === 'settings') {
    return (
      <Shell title="Settings">
        <SettingsPage />
      </Shell>
    );
  }
  if (!view) {
    return (
      <Shell title="Not found">
        <h1 tabIndex={-1}>Not found</h1>
        <Empty title="There is no page at this address">
          <a href={link('')}>To the Dashboard</a>
        </Empty>
      </Shell>
    );
  }
  return (
    <Shell title={view.title}>
      <StoreView view={view} />
    </Shell>
  );
}

function Unreachable() {
  useEffect(() => {
    document.title = '(!) Backstock does not answer';
    const timer = window.setInterval(() => void askSession(), kAskAgainMs);
    return () => window.clearInterval(timer);
  }, []);
  return (
    <Gate title="Backstock">
      <Failure error={sessionTrouble.value} again={() => void askSession()} />
    </Gate>
  );
}

function App() {
  const known = session.value;
  const [page, setupLink] = route.value.path;
  if (known === null) return sessionTrouble.value ? <Unreachable /> : null;
  if (page === 'setup' && setupLink !== undefined) return <Setup link={setupLink} isFirst={known.state === 'setup'} />;
  if (known.state === 'setup') return <NeedsLink />;
  if (known.state === 'signed_out') return <SignIn />;
  return <SignedIn />;
}

void askSession();
render(<App />, document.getElementById('app')!);
