// What the daemon answers: the mirror of daemon/http/API.md. types.test.ts holds the samples that the daemon's tests write
// (tests/golden/api) and the answers of the browser tests' mock against it. Times are RFC 3339 in UTC.

export type Time = string;

export interface Session {
  state: 'setup' | 'signed_out' | 'signed_in';
  csrf: string | null;
  version: string;
  idle_minutes: number;
}

export type TokenAccess = 'read' | 'operate';
export interface Token {
  id: string;
  name: string;
  access: TokenAccess;
  created_at: Time;
  last_used_at: Time | null;
}
export interface Tokens {
  tokens: Token[];
}
export interface NewToken {
  id: string;
  name: string;
  access: TokenAccess;
  token: string;
}

export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  what: string;
  why: string;
  next: string;
}

export type Level = 'good' | 'notice' | 'bad';
export type Outcome = 'done' | 'partial' | 'failed' | 'cancelled';
export type SyncState = 'active' | 'paused' | 'late' | 'failing' | 'manual';

export interface LastRun {
  run: string;
  kind: string;
  outcome: Outcome;
  started_at: Time;
  finished_at: Time;
  message: string | null;
}

export interface Running {
  run: string;
  kind: string;
  type: string | null;
  label: string | null;
  phase: string;
  type_number: number;
  type_count: number;
  done: number;
  total: number | null;
  versions: number;
  per_second: number | null;
  seconds_left: number | null;
  seconds_left_all: number | null;
  waiting_for_quota: boolean;
}

export interface Store {
  name: string;
  title: string | null;
  store_hash: string;
  domain: string | null;
  verdict: { level: Level; text: string };
  state: 'idle' | 'running' | 'unavailable';
  sync: { state: SyncState; reason: string | null };
  history_since: Time | null;
  recent_change_at: Time | null;
  items: number;
  versions: number;
  pack_bytes: number;
  last_run: LastRun | null;
  last_complete_at: Time | null;
  next_run_at: Time | null;
  running: Running | null;
  waiting: number;
  problems: string[];
}

export interface Status {
  version: string;
  now: Time;
  stores: Store[];
}

export type ColumnKind = 'text' | 'money' | 'number' | 'date' | 'yes_no';
export type TypeStatus = 'protected' | 'never' | 'running' | 'failing' | 'forbidden' | 'late';

export interface Column {
  field: string;
  label: string;
  kind: ColumnKind;
}

export interface ContentType {
  type: string;
  label: string;
  label_one: string;
  group: string;
  title_label: string;
  columns: Column[];
  items: number;
  gone: number;
  versions: number;
  recent_change_at: Time | null;
  status: TypeStatus;
  message: string | null;
  last_full_at: Time | null;
  last_at: Time | null;
  restorable: boolean;
  restore_note: string | null;
}
export interface ContentTypes {
  types: ContentType[];
}

export type Deleted = 'hide' | 'only' | 'include';
export type ItemSort = 'id' | '-id' | '-changed';

export interface ListedItem {
  id: string;
  title: string;
  labels: string[];
  columns: (string | null)[];
  gone: boolean;
  versions: number;
  first_at: Time;
  last_at: Time;
}
export interface Items {
  items: ListedItem[];
  next: string | null;
}

export interface Item {
  type: string;
  label_one: string;
  id: string;
  title: string;
  gone: boolean;
  versions: number;
  first_at: Time;
  last_at: Time;
  newest: number | null;
  restorable: boolean;
  restore_note: string | null;
}

export interface Version {
  version: number;
  at: Time;
  source: string;
  run: string | null;
  gone: boolean;
  size: number;
  changes: string[];
  change_count: number;
}
export interface Versions {
  versions: Version[];
  next: number | null;
}

export type Change = 'same' | 'added' | 'removed' | 'changed' | 'same_number' | 'by_itself';

export interface Value {
  text: string;
  raw: string;
  length: number;
  cut: boolean;
}
export interface CompareRow {
  path: string;
  section: string;
  label: string;
  before: Value | null;
  after: Value | null;
  change: Change;
}
export interface Comparison {
  from: number;
  to: number;
  rows: CompareRow[];
  left_out: number;
  change_count: number;
}

export interface Run {
  run: string;
  kind: string;
  origin: string;
  started_at: Time;
  ended_at: Time | null;
  outcome: Outcome | 'running';
  message: string | null;
  versions: number;
  problems: number;
}
export interface Runs {
  runs: Run[];
  next: string | null;
}
export type TypeOutcome = 'done' | 'failed' | 'forbidden' | 'braked' | 'cancelled' | 'running';
export interface RunType {
  type: string;
  label: string;
  outcome: TypeOutcome;
  full: boolean;
  complete: boolean;
  seen: number;
  added: number;
  changed: number;
  unchanged: number;
  returned: number;
  gone: number;
  requests: number;
  started_at: Time | null;
  ended_at: Time | null;
  message: string | null;
  problems: string[];
}
export interface RunDetail extends Run {
  types: RunType[];
}

export interface BackupAccepted {
  store: string;
  waiting: number;
}

/** One field of one version, of /search. */
export interface SearchHit {
  type: string;
  id: string;
  version: number;
  at: string;
  path: string;
  excerpt: string;
}

/** Stored bytes. */
export interface SearchProgress {
  done: number;
  total: number;
  hits: number;
}

export interface SearchEnd {
  hits: number;
  bytes: number;
  limited: boolean;
  stopped: boolean;
  unreadable: number;
  findings: string[];
}

export interface SearchFailed {
  why: string;
  next: string | null;
}
