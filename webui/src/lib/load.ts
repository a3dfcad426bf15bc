// A component's data from the daemon: asked for when its key changes, given up when the component goes.
import { useEffect, useRef, useState } from 'preact/hooks';

export interface Loaded<T> {
  /** The newest answer for this key; with `keepOld`, the answer before until there is one. */
  data: T | null;
  error: unknown;
  busy: boolean;
  /** `data` belongs to an earlier key. */
  isOld: boolean;
  again: () => void;
}

interface State<T> {
  key: string;
  data: T | null;
  dataKey: string | null;
  error: unknown;
  busy: boolean;
}

/**
 * `key` names the question; another `revision` asks it anew behind the answer that is shown.
 * A null key asks nothing.
 */
export function useLoad<T>(
  key: string | null,
  ask: (signal: AbortSignal) => Promise<T>,
  { revision = '', keepOld = false }: { revision?: string; keepOld?: boolean } = {},
): Loaded<T> {
  const [state, set] = useState<State<T>>({ key: '', data: null, dataKey: null, error: null, busy: true });
  const [turn, setTurn] = useState(0);
  const asked = useRef(ask);
  asked.current = ask;
  useEffect(() => {
    if (key === null) return;
    const stop = new AbortController();
    set((old) => ({ ...old, key, error: old.key === key ? old.error : null, busy: true }));
    asked.current(stop.signal).then(
      (data) => !stop.signal.aborted && set({ key, data, dataKey: key, error: null, busy: false }),
      (error: unknown) => !stop.signal.aborted && set((old) => ({ ...old, key, error, busy: false })),
    );
    return () => stop.abort();
  }, [key, turn, revision]);
  const isCurrent = state.key === key;
  const isOld = state.dataKey !== key;
  return {
    data: isOld && !keepOld ? null : state.data,
    error: isCurrent ? state.error : null,
    busy: key !== null && (!isCurrent || state.busy),
    isOld,
    again: () => setTurn((n) => n + 1),
  };
}
