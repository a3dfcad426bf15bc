// A time: how long ago, with the exact time beside it or on hover.
import { ago, exact, parseTime, precise } from '../lib/format';
import { now } from '../lib/clock';

interface Props {
  at: string | null;
  /** both: "2 minutes ago" over "14 Nov 2026, 14:05". */
  as?: 'ago' | 'exact' | 'both';
  none?: string;
}

export function When({ at, as = 'ago', none = 'never' }: Props) {
  const time = parseTime(at);
  if (!time) return <span class="quiet">{none}</span>;
  const relative = ago(time, now.value);
  return (
    <time dateTime={at ?? ''} title={precise(time)} class={as === 'both' ? 'when-both' : undefined}>
      {as === 'exact' ? exact(time) : relative}
      {as === 'both' && <span class="quiet small">{exact(time)}</span>}
    </time>
  );
}
