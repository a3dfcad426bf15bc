// Two versions of an item, field by field: the newer on the left, differences marked by colour and word.
import { useMemo, useState } from 'preact/hooks';
import type { CompareRow, Value } from '../api/types';
import { beginning, count } from '../lib/format';
import { textDiff, type Part } from '../lib/text_diff';
import { LongText } from './text';

const kFirstRows = 150;
const kContext = 60;

export interface Side {
  /** "Current version" */
  name: string;
  /** Within a sentence: "the current version". */
  inWords: string;
  /** "version 47, 14 Nov 2026, 14:05" */
  more: string;
}

interface Props {
  rows: CompareRow[];
  newer: Side;
  older: Side;
  /** Only one version is shown. */
  single?: boolean;
}

/** What a person would call a change. */
export const isDifference = (row: CompareRow) => row.change === 'added' || row.change === 'removed' || row.change === 'changed';

function said(row: CompareRow, { newer, older }: Props): string | null {
  switch (row.change) {
    case 'same':
      return null;
    case 'changed':
      return 'Changed';
    case 'added':
      return `Only in ${newer.inWords}`;
    case 'removed':
      return `Only in ${older.inWords}`;
    case 'same_number':
      return 'Same number, written differently';
    case 'by_itself':
      return 'Changes by itself';
  }
}

/** What is the same before, between and after differences is cut to what helps to find the place. */
function shortened(part: Part, isFirst: boolean, isLast: boolean): string {
  if (part.differs || part.text.length <= 3 * kContext) return part.text;
  const head = isFirst ? '' : beginning(part.text, kContext);
  const tail = isLast ? '' : part.text.slice(-kContext).replace(/^[\udc00-\udfff]/, '');
  return `${head}…${tail}`;
}

function Marked({ parts, side }: { parts: Part[]; side: 'newer' | 'older' }) {
  const [all, showAll] = useState(false);
  const short = parts.map((part, i) => shortened(part, i === 0, i === parts.length - 1));
  const isCut = short.some((text, i) => text !== parts[i]?.text);
  return (
    <>
      <span class="long-text" dir="auto">
        {parts.map((part, i) =>
          part.differs ? (
            <mark key={i} data-side={side}>
              {part.text}
            </mark>
          ) : all ? (
            part.text
          ) : (
            short[i]
          ),
        )}
      </span>
      {isCut && (
        <>
          {' '}
          <button type="button" class="inline" aria-expanded={all} onClick={() => showAll(!all)}>
            {all ? 'show less' : 'show all'}
          </button>
        </>
      )}
    </>
  );
}

const kWords = new Map([['true', 'Yes'], ['false', 'No'], ['null', 'None'], ['[]', 'None'], ['{}', 'None']]);

// The raw value tells the word true from a text that says so, and an empty list from brackets in a text.
const textOf = (value: Value) => kWords.get(value.raw) ?? value.text;

function Cell({ row, side }: { row: CompareRow; side: 'newer' | 'older' }) {
  const value = side === 'newer' ? row.after : row.before;
  const other = side === 'newer' ? row.before : row.after;
  const parts = useMemo(() => {
    if (row.change !== 'changed' || !row.before || !row.after) return null;
    const both = textDiff(row.before.text, row.after.text);
    return side === 'newer' ? both.after : both.before;
  }, [row, side]);
  if (!value) return <span class="quiet">not there</span>;
  const text = row.change === 'same_number' ? value.raw : textOf(value);
  const isMarked = parts !== null && other !== null && isWorthMarking(value, other, parts);
  return (
    <>
      {text === '' ? <span class="quiet">(empty)</span> : isMarked ? <Marked parts={parts} side={side} /> : <LongText text={text} />}
      {value.cut && <span class="quiet small block">The first part of {count(value.length)} characters. “Source (JSON)” has them all.</span>}
    </>
  );
}

// Two words, or texts that have nothing in common, are not helped by marks inside them.
function isWorthMarking(one: Value, other: Value, parts: Part[]): boolean {
  const same = parts.reduce((sum, part) => sum + (part.differs ? 0 : part.text.trim().length), 0);
  const all = Math.max(one.text.length, other.text.length);
  return all > 12 && same > 0.3 * all;
}

export function CompareTable(props: Props) {
  const { rows, newer, older, single } = props;
  const [shown, show] = useState(kFirstRows);
  // Together what belongs together: fields of the item itself stand before, between and after its parts.
  const groups = new Map<string, CompareRow[]>();
  for (const row of rows.slice(0, shown)) {
    const group = groups.get(row.section);
    if (group) group.push(row);
    else groups.set(row.section, [row]);
  }
  return (
    <>
      <table role="table" class="compare" data-single={single} aria-label={single ? newer.name : `${newer.name} beside ${older.name}`}>
        <thead role="rowgroup">
          <tr role="row">
            <th role="columnheader" scope="col">
              Field
            </th>
            <th role="columnheader" scope="col">
              {newer.name} <span class="quiet">{newer.more}</span>
            </th>
            {!single && (
              <th role="columnheader" scope="col">
                {older.name} <span class="quiet">{older.more}</span>
              </th>
            )}
          </tr>
        </thead>
        {[...groups].map(([section, group]) => (
          <tbody key={section} role="rowgroup">
            {section !== '' && (
              <tr role="row" class="compare-section">
                <th role="rowheader" scope="rowgroup" colSpan={single ? 2 : 3}>
                  <bdi>{section}</bdi>
                </th>
              </tr>
            )}
            {group.map((row, i) => {
              const words = single ? null : said(row, props);
              return (
                <tr key={`${row.path} ${i}`} role="row" data-change={single ? 'same' : row.change}>
                  <th role="rowheader" scope="row">
                    <span title={row.path}>
                      <bdi>{row.label}</bdi>
                    </span>
                    {words && <span class="change-word">{words}</span>}
                  </th>
                  <td role="cell" data-side="newer" data-head={newer.name}>
                    <Cell row={row} side="newer" />
                  </td>
                  {!single && (
                    <td role="cell" data-side="older" data-head={older.name}>
                      <Cell row={row} side="older" />
                    </td>
                  )}
                </tr>
              );
            })}
          </tbody>
        ))}
      </table>
      {rows.length > shown && (
        <div class="pages">
          <p>
            {count(shown)} of {count(rows.length)} fields
          </p>
          <button type="button" onClick={() => show(shown + 500)}>
            Show more fields
          </button>
        </div>
      )}
    </>
  );
}
