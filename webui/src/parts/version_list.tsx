// An item's versions, newest first, along a line: when, seen by what, and what changed.
import { useRef } from 'preact/hooks';
import type { Version } from '../api/types';
import { count } from '../lib/format';
import { sourceSaid } from '../lib/words';
import { Icon } from './icon';
import { Name } from './text';
import { When } from './when';

interface Props {
  versions: Version[];
  newest: number | null;
  selected: number | null;
  href: (version: number) => string;
  /** Null: there are no older ones. */
  older: (() => void) | null;
}

function Changes({ version }: { version: Version }) {
  const more = version.change_count - version.changes.length;
  if (version.changes.length === 0) return null;
  return (
    <ul class="changes">
      {version.changes.map((change, i) => (
        <li key={i}>
          <Name text={change} length={120} />
        </li>
      ))}
      {more > 0 && <li class="quiet">and {count(more)} more</li>}
    </ul>
  );
}

export function VersionList({ versions, newest, selected, href, older }: Props) {
  const list = useRef<HTMLOListElement>(null);
  const move = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    const links = [...(list.current?.querySelectorAll<HTMLElement>('a') ?? [])];
    const at = links.findIndex((one) => one === document.activeElement);
    if (at < 0) return;
    event.preventDefault();
    links[Math.min(links.length - 1, Math.max(0, at + step))]?.focus();
  };
  return (
    <div class="versions">
      <ol ref={list} onKeyDown={move} reversed>
        {versions.map((version) => {
          const isCurrent = version.version === newest;
          return (
            <li key={version.version} data-gone={version.gone} data-selected={version.version === selected}>
              <a href={href(version.version)} aria-current={version.version === selected ? 'true' : undefined}>
                <span class="version-head">
                  {version.gone ? (
                    <>
                      <Icon name="bin" size={14} /> Deleted in the store
                    </>
                  ) : (
                    <>Version {version.version}</>
                  )}
                  {isCurrent && <span class="chip">Current</span>}
                </span>
                <span class="version-when">
                  {version.gone && 'Noticed '}
                  <When at={version.at} as="exact" /> <span class="quiet">(<When at={version.at} />)</span>
                </span>
                <span class="quiet small block">{version.gone ? `Version ${version.version}` : sourceSaid(version.source)}</span>
              </a>
              {!version.gone && <Changes version={version} />}
            </li>
          );
        })}
      </ol>
      {older && (
        <button type="button" onClick={older}>
          Show older versions
        </button>
      )}
    </div>
  );
}
