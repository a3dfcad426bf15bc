// The daemon's words in the merchant's. A word that is not known here is shown as it came, without its underscores.
import type { Outcome, RunType, SyncState, TypeOutcome, TypeStatus } from '../api/types';

export type Tone = 'good' | 'notice' | 'bad' | 'running' | 'quiet';
export type IconName =
  | 'check'
  | 'alert'
  | 'cross'
  | 'clock'
  | 'turn'
  | 'lock'
  | 'stop'
  | 'dash'
  | 'bin'
  | 'pause'
  | 'hand';

export interface Said {
  word: string;
  tone: Tone;
  icon: IconName;
}

const kOutcomes: Record<Outcome | TypeOutcome, Said> = {
  done: { word: 'Done', tone: 'good', icon: 'check' },
  partial: { word: 'Done with errors', tone: 'notice', icon: 'alert' },
  failed: { word: 'Failed', tone: 'bad', icon: 'cross' },
  cancelled: { word: 'Cancelled', tone: 'quiet', icon: 'stop' },
  forbidden: { word: 'No access', tone: 'bad', icon: 'lock' },
  braked: { word: 'Held back', tone: 'notice', icon: 'pause' },
  running: { word: 'Running', tone: 'running', icon: 'turn' },
};

const kTypeStatuses: Record<TypeStatus, Said> = {
  protected: { word: 'Protected', tone: 'good', icon: 'check' },
  never: { word: 'Not yet backed up', tone: 'notice', icon: 'dash' },
  running: { word: 'Running', tone: 'running', icon: 'turn' },
  failing: { word: 'Failing', tone: 'bad', icon: 'cross' },
  forbidden: { word: 'No access', tone: 'bad', icon: 'lock' },
  late: { word: 'Late', tone: 'notice', icon: 'clock' },
};

const kSync: Record<SyncState, Said> = {
  active: { word: 'Active', tone: 'good', icon: 'check' },
  paused: { word: 'Paused', tone: 'notice', icon: 'pause' },
  late: { word: 'Late', tone: 'notice', icon: 'clock' },
  failing: { word: 'Failing', tone: 'bad', icon: 'cross' },
  manual: { word: 'Manual only', tone: 'quiet', icon: 'hand' },
};

const kKinds: Record<string, string> = {
  full: 'Full backup',
  incremental: 'Backup of changes',
  manual: 'Manual backup',
  reconcile: 'Check against the store',
  hints: 'Real-time changes',
  'pre-restore': 'Backup before a restore',
};

const kOrigins: Record<string, string> = {
  schedule: 'by schedule',
  scheduled: 'by schedule',
  manual: 'by hand',
  page: 'from this page',
  api: 'by a script',
  cli: 'from the command line',
  start: 'at start',
  resume: 'taken up again',
  resumed: 'taken up again',
};

const kSources: Record<string, string> = {
  full: 'Seen by a full backup',
  incremental: 'Seen by a backup of changes',
  manual: 'Seen by a manual backup',
  reconcile: 'Seen by a check against the store',
  hints: 'Received in real time',
  'pre-restore': 'Kept before a restore',
};

const kPhases: Record<string, string> = {
  listing: 'Reading the list',
  reading: 'Reading items',
  'confirming deletions': 'Making sure what is gone',
  'looking at parts of recent items again': 'Looking at parts of recent items again',
};

function unknown(word: string): Said {
  return { word: plain(word), tone: 'quiet', icon: 'dash' };
}

/** "taken_up-again" as people would write it. */
export function plain(word: string): string {
  const text = word.replace(/[_-]+/g, ' ').trim();
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const own = <T>(table: Record<string, T>, word: string): T | undefined =>
  Object.prototype.hasOwnProperty.call(table, word) ? table[word] : undefined;

export const outcomeSaid = (word: string): Said => own(kOutcomes, word) ?? unknown(word);
export const typeStatusSaid = (word: string): Said => own(kTypeStatuses, word) ?? unknown(word);
export const syncSaid = (word: string): Said => own(kSync, word) ?? unknown(word);
export const kindSaid = (word: string): string => own(kKinds, word) ?? plain(word);
export const originSaid = (word: string): string => own(kOrigins, word) ?? plain(word).toLowerCase();
export const sourceSaid = (word: string): string => own(kSources, word) ?? plain(word);
export const phaseSaid = (word: string): string => own(kPhases, word) ?? plain(word);

/** "12 new, 3 changed, 1 deleted": what a run found of one type; null where nothing moved. */
export function runTypeSaid(type: RunType, count: (n: number) => string): string | null {
  const said: [number, string][] = [
    [type.added, 'new'],
    [type.changed, 'changed'],
    [type.gone, 'deleted'],
    [type.returned, 'returned'],
  ];
  const words = said.filter(([n]) => n > 0).map(([n, word]) => `${count(n)} ${word}`);
  return words.length > 0 ? words.join(', ') : null;
}
