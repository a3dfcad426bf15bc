// Text of the store: shown as text only, in its own direction, and cut where it is long.
import { useState } from 'preact/hooks';
import { beginning, count } from '../lib/format';

/** A name in one line or a few: what is longer is cut, and whole on hover. */
export function Name({ text, length = 160 }: { text: string; length?: number }) {
  if (text.trim() === '') return <span class="quiet">(no name)</span>;
  if (text.length <= length) return <bdi>{text}</bdi>;
  return <bdi title={beginning(text, 1000)}>{beginning(text, length)}…</bdi>;
}

/** A text of any length: its beginning, and a button for the rest. */
export function LongText({ text, length = 400 }: { text: string; length?: number }) {
  const [all, showAll] = useState(false);
  if (text.length <= length * 1.2) {
    return (
      <span class="long-text" dir="auto">
        {text}
      </span>
    );
  }
  return (
    <>
      <span class="long-text" dir="auto">
        {all ? text : `${beginning(text, length)}…`}
      </span>{' '}
      <button type="button" class="inline" aria-expanded={all} onClick={() => showAll(!all)}>
        {all ? 'show less' : `show all ${count(text.length)} characters`}
      </button>
    </>
  );
}
