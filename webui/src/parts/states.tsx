// What a view shows while it waits, when there is nothing, and when it went wrong.
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Trouble } from '../api/client';
import { sentence } from '../lib/format';
import { Icon, type Drawing } from './icon';

/** Grey lines in the shape of what comes. Appears late, so that quick answers do not flicker. */
export function Skeleton({ lines = 4, label = 'Loading' }: { lines?: number; label?: string }) {
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    const timer = window.setTimeout(() => setLate(true), 120);
    return () => window.clearTimeout(timer);
  }, []);
  return (
    <div class="skeleton" role="status" aria-label={label} data-late={isLate}>
      {Array.from({ length: lines }, (_, i) => (
        <div key={i} class="skeleton-line" />
      ))}
    </div>
  );
}

interface EmptyProps {
  icon?: Drawing;
  title: string;
  children?: ComponentChildren;
}

/** Nothing to show, and what to do about it. */
export function Empty({ icon = 'stack', title, children }: EmptyProps) {
  return (
    <div class="empty">
      <Icon name={icon} size={28} />
      <p class="empty-title">{title}</p>
      {children && <div class="quiet">{children}</div>}
    </div>
  );
}

/** What could not be done, why, and the next step. */
export function Failure({ error, again }: { error: unknown; again?: () => void }) {
  const trouble =
    error instanceof Trouble
      ? error
      : new Trouble('This page has a fault', error instanceof Error ? error.message : 'unknown', 'reload the page', 0);
  return (
    <div class="failure" role="alert">
      <Icon name="alert" size={20} />
      <div>
        <p class="failure-what">{sentence(trouble.what)}</p>
        {trouble.why && <p>{sentence(trouble.why)}</p>}
        {trouble.next && <p class="quiet">{sentence(trouble.next)}</p>}
        {again && (
          <button type="button" onClick={again}>
            Try again
          </button>
        )}
      </div>
    </div>
  );
}
