// A version as the store sent it, laid out in lines. Only the lines in sight are in the document, however long it is.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { address, getText } from '../api/client';
import { beginning, bytes, count } from '../lib/format';
import { jsonLines, withUnseenNamed, type Line } from '../lib/json_lines';
import { useLoad } from '../lib/load';
import { Copy } from './copy';
import { Dialog } from './dialog';
import { Icon } from './icon';
import { Failure, Skeleton } from './states';

const kLineHeight = 20; // as in style.css
const kAllAtOnce = 1_500; // so that the browser's own search finds everything in ordinary items
const kMargin = 40;
const kStringShown = 400;
const kDialogShown = 200_000;
const kAskAbove = 8_000_000;
const kDeepest = 40;

interface Props {
  store: string;
  type: string;
  id: string;
  version: number;
  /** Where it is known. */
  size: number | null;
  parts: boolean;
}

function Text({ text }: { text: string }) {
  return (
    <>
      {withUnseenNamed(text).map((piece, i) =>
        piece.name === null ? (
          piece.text
        ) : (
          <span key={i} class="unseen" title="A character that cannot be seen. Copies and downloads have the character itself.">
            {piece.name}
          </span>
        ),
      )}
    </>
  );
}

function SourceLine({ text, line, showString }: { text: string; line: Line; showString: (text: string) => void }) {
  return (
    <div class="source-line" style={{ paddingInlineStart: `${2 * Math.min(line.depth, kDeepest) + 1}ch` }}>
      {line.pieces.map((piece, i) => {
        const whole = text.slice(piece.from, piece.to);
        const isLong = whole.length > kStringShown * 1.2;
        return (
          <span key={i} class={`source-${piece.kind}`}>
            <Text text={isLong ? beginning(whole, kStringShown) : whole} />
            {isLong && (
              <button type="button" class="inline" onClick={() => showString(whole)}>
                … show all {count(whole.length)} characters
              </button>
            )}
            {piece.kind === 'mark' && whole === ':' && ' '}
          </span>
        );
      })}
    </div>
  );
}

function Lines({ text, label }: { text: string; label: string }) {
  const lines = useMemo(() => jsonLines(text), [text]);
  const box = useRef<HTMLDivElement>(null);
  const [range, setRange] = useState({ from: 0, to: 100 });
  const [string, showString] = useState<string | null>(null);
  const isWindowed = lines.length > kAllAtOnce;
  useEffect(() => {
    const element = box.current;
    if (!element || !isWindowed) return;
    const look = () => {
      const first = Math.floor(element.scrollTop / kLineHeight);
      const from = Math.max(0, first - kMargin);
      const to = Math.min(lines.length, first + Math.ceil(element.clientHeight / kLineHeight) + kMargin);
      setRange((old) => (old.from === from && old.to === to ? old : { from, to }));
    };
    look();
    element.addEventListener('scroll', look, { passive: true });
    return () => element.removeEventListener('scroll', look);
  }, [lines, isWindowed]);
  const { from, to } = isWindowed ? range : { from: 0, to: lines.length };
  return (
    <>
      <div class="source" ref={box} tabIndex={0} role="region" aria-label={label}>
        <div style={isWindowed ? { height: `${lines.length * kLineHeight}px` } : undefined}>
          <div style={isWindowed ? { transform: `translateY(${from * kLineHeight}px)` } : undefined}>
            {lines.slice(from, to).map((line, i) => (
              <SourceLine key={from + i} text={text} line={line} showString={showString} />
            ))}
          </div>
        </div>
      </div>
      {string !== null && (
        <Dialog
          title="The whole text"
          close={() => showString(null)}
          actions={
            <>
              <Copy what="text" label="Copy" text={() => string} />
              <button type="button" onClick={() => showString(null)}>
                Close
              </button>
            </>
          }
        >
          <div class="whole-text" tabIndex={0} role="region" aria-label="Text">
            <Text text={beginning(string, kDialogShown)} />
          </div>
          {string.length > kDialogShown && (
            <p class="quiet small">
              The first {count(kDialogShown)} of {count(string.length)} characters. “Download” has them all.
            </p>
          )}
        </Dialog>
      )}
    </>
  );
}

export function SourceView({ store, type, id, version, size, parts }: Props) {
  const params = { store, type, id, version, parts: parts ? 1 : 0 };
  const key = JSON.stringify(params);
  const [wanted, want] = useState('');
  const isHeld = size !== null && size > kAskAbove && wanted !== key;
  const loaded = useLoad(isHeld ? null : key, (signal) => getText('source', params, signal));
  const text = loaded.data;
  return (
    <>
      <div class="source-tools">
        <p class="quiet small">
          As the store sent it{size !== null && `, ${bytes(size)}`}. Numbers and texts are exactly the store’s; only line breaks and indents are
          added for reading.
        </p>
        <div class="actions">
          {text !== null && <Copy what="the source" label="Copy" text={() => text} />}
          <a class="button" href={address('source', { ...params, download: 1 })} download>
            <Icon name="download" /> Download
          </a>
        </div>
      </div>
      {isHeld && (
        <div class="empty">
          <p class="empty-title">This version is {bytes(size)} long</p>
          <p class="quiet">Showing it takes the browser a while. Downloading it does not.</p>
          <button type="button" onClick={() => want(key)}>
            Show it here
          </button>
        </div>
      )}
      {loaded.error !== null && <Failure error={loaded.error} again={loaded.again} />}
      {!isHeld && loaded.error === null && text === null && <Skeleton lines={10} label="Loading the source" />}
      {text !== null && <Lines key={key} text={text} label={`Source of version ${version}`} />}
    </>
  );
}
