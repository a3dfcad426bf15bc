// A value of a list's column, by the kind that the registry gives it. The text itself is never rounded or rewritten.
import type { ColumnKind } from '../api/types';
import { parseTime } from '../lib/format';
import { Name } from './text';
import { When } from './when';

const kYes: Record<string, string> = { true: 'Yes', false: 'No', yes: 'Yes', no: 'No' };

export function ColumnValue({ kind, text }: { kind: ColumnKind; text: string | null }) {
  if (text === null || text === '') return <span class="quiet">–</span>;
  if (kind === 'date' && parseTime(text)) return <When at={text} as="exact" />;
  if (kind === 'yes_no') return <>{kYes[text] ?? text}</>;
  return <Name text={text} length={kind === 'text' ? 80 : 40} />;
}
