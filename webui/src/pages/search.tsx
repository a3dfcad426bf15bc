// A text in all fields of all items: what is found appears as it is found.
import { useEffect, useRef, useState } from 'preact/hooks';
import { get, getEvents, Trouble } from '../api/client';
import type { ContentType, ContentTypes, SearchEnd, SearchFailed, SearchHit, SearchProgress, Store } from '../api/types';
import { Icon } from '../parts/icon';
import { Empty, Failure } from '../parts/states';
import { Table, type TableColumn } from '../parts/table';
import { Name } from '../parts/text';
import { When } from '../parts/when';
import { announce } from '../lib/announce';
import { bytes, count, counted } from '../lib/format';
import { useLoad } from '../lib/load';
import { refine, route } from '../lib/location';
import { link } from '../lib/route';

const kMost = 200;

interface Question {
  q: string;
  type: string | null;
  all: boolean;
}

function questionOf(query: Record<string, string>): Question {
  return { q: query['q'] ?? '', type: query['type'] ?? null, all: query['versions'] === 'all' };
}

interface Found {
  hits: SearchHit[];
  progress: SearchProgress | null;
  end: SearchEnd | null;
  error: unknown;
  stopped: boolean;
}

const kNothingYet: Found = { hits: [], progress: null, end: null, error: null, stopped: false };

/** Asks anew with each question and each turn; stop() ends it and keeps what was found. */
function useSearch(store: Store, { q, type, all }: Question, turn: number): Found & { stop: () => void } {
  const [found, set] = useState<Found>(kNothingYet);
  const stopper = useRef<AbortController | null>(null);
  useEffect(() => {
    set(kNothingYet);
    if (q === '') return;
    const leave = new AbortController();
    stopper.current = leave;
    const take = (name: string, data: unknown) => {
      if (leave.signal.aborted) return;
      if (name === 'hit') set((old) => ({ ...old, hits: [...old.hits, data as SearchHit] }));
      if (name === 'progress') set((old) => ({ ...old, progress: data as SearchProgress }));
      if (name === 'end') set((old) => ({ ...old, end: data as SearchEnd }));
      if (name === 'failed') {
        const { why, next } = data as SearchFailed;
        set((old) => ({ ...old, error: new Trouble('The search ended early', why, next ?? '', 0) }));
      }
    };
    const cut = new Trouble('The search ended early', 'the connection was cut', 'try again', 0);
    getEvents('search', { store: store.name, q, type, versions: all ? 'all' : 'newest', limit: kMost }, take, leave.signal).then(
      () => !leave.signal.aborted && set((old) => (old.end || old.error ? old : { ...old, error: cut })),
      (error: unknown) => !leave.signal.aborted && set((old) => ({ ...old, error })),
    );
    return () => leave.abort();
  }, [store.name, q, type, all, turn]);
  const stop = () => {
    stopper.current?.abort();
    set((old) => ({ ...old, stopped: true }));
  };
  return { ...found, stop };
}

function Form({ question, types, again }: { question: Question; types: ContentType[]; again: () => void }) {
  const [typed, setTyped] = useState(question.q);
  useEffect(() => setTyped(question.q), [question.q]);
  return (
    <form
      class="filters"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        if (typed === question.q) again();
        else refine({ q: typed });
      }}
    >
      <div class="search">
        <label class="visually-hidden" for="q">
          Text to search for
        </label>
        <Icon name="search" />
        <input
          id="q"
          type="search"
          value={typed}
          maxLength={200}
          placeholder="Any text"
          aria-describedby="q-hint"
          autocomplete="off"
          spellcheck={false}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
        <p class="hint" id="q-hint">
          In descriptions, notes, addresses, every field there is; also of deleted items
        </p>
      </div>
      <label class="select">
        <span class="visually-hidden">Content type</span>
        <select value={question.type ?? ''} onChange={(event) => refine({ type: event.currentTarget.value })}>
          <option value="">All content types</option>
          {types.map((type) => (
            <option key={type.type} value={type.type}>
              {type.label}
            </option>
          ))}
        </select>
      </label>
      <label class="select">
        <span class="visually-hidden">Versions</span>
        <select value={question.all ? 'all' : ''} onChange={(event) => refine({ versions: event.currentTarget.value })}>
          <option value="">Newest versions</option>
          <option value="all">All versions</option>
        </select>
      </label>
      <button type="submit">Search</button>
    </form>
  );
}

/** The text around what was found, with that marked. */
function Excerpt({ text, q }: { text: string; q: string }) {
  const lower = text.toLowerCase();
  const at = lower.length === text.length ? lower.indexOf(q.toLowerCase()) : -1;
  if (at < 0) return <bdi>{text}</bdi>;
  return (
    <bdi>
      {text.slice(0, at)}
      <mark data-side="newer">{text.slice(at, at + q.length)}</mark>
      {text.slice(at + q.length)}
    </bdi>
  );
}

function columnsOf(store: Store, types: ContentType[], q: string): TableColumn<SearchHit>[] {
  const labelOf = (type: string) => types.find((one) => one.type === type)?.label_one ?? type;
  return [
    {
      head: 'Item',
      as: 'start',
      cell: (hit) => (
        <a href={link('item', { store: store.name, type: hit.type, id: hit.id, version: hit.version })}>
          {labelOf(hit.type)} <Name text={hit.id} length={40} />
        </a>
      ),
    },
    { head: 'Version', as: 'number', cell: (hit) => count(hit.version) },
    {
      head: 'Field',
      cell: (hit) => (
        <code>
          <Name text={hit.path} length={80} />
        </code>
      ),
    },
    { head: 'Text', cell: (hit) => <Excerpt text={hit.excerpt} q={q} /> },
    { head: 'Captured', cell: (hit) => <When at={hit.at} as="both" /> },
  ];
}

function said({ hits, progress, end, stopped }: Found): string {
  const found = counted(hits.length, 'field');
  if (end) {
    const more = end.limited ? ' There is more: search for a longer text.' : '';
    return `${hits.length === 0 ? 'Nothing found' : `${found} found`}; ${bytes(end.bytes)} of versions read.${more}`;
  }
  if (stopped) return `${found} found. The search was stopped: not everything was read.`;
  return progress ? `${found} found; ${bytes(progress.done)} of ${bytes(progress.total)} looked through` : 'Searching';
}

export function SearchPage({ store }: { store: Store }) {
  const question = questionOf(route.value.query);
  const [turn, setTurn] = useState(0);
  const again = () => setTurn((n) => n + 1);
  const found = useSearch(store, question, turn);
  const loaded = useLoad(`types ${store.name}`, (signal) => get<ContentTypes>('types', { store: store.name }, signal));
  const types = loaded.data?.types ?? [];
  // Once, and not each number on the way.
  useEffect(() => {
    if (found.end) announce(said(found));
  }, [found.end]);
  const isOver = found.end !== null || found.error !== null || found.stopped;
  return (
    <>
      <div class="title-row">
        <h1 tabIndex={-1}>Search</h1>
      </div>
      <Form question={question} types={types} again={again} />
      {question.q === '' && <Empty icon="search" title="Find a text in any field of any item" />}
      {question.q !== '' && found.error === null && (
        <p class="quiet">
          {said(found)}{' '}
          {!isOver && (
            <button type="button" onClick={found.stop}>
              Stop
            </button>
          )}
        </p>
      )}
      {found.error !== null && <Failure error={found.error} again={again} />}
      {found.end && found.end.unreadable > 0 && (
        <ul class="problems">
          {found.end.findings.map((finding) => (
            <li key={finding}>Not read: {finding}</li>
          ))}
        </ul>
      )}
      {found.hits.length > 0 && (
        <Table
          label="What was found"
          columns={columnsOf(store, types, question.q)}
          rows={found.hits}
          rowKey={(hit) => `${hit.type} ${hit.id} ${hit.version} ${hit.path}`}
        />
      )}
    </>
  );
}
