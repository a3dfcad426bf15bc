// The frame of the pages before one is signed in.
import type { ComponentChildren } from 'preact';
import { session } from '../api/session';
import { Logo } from './icon';

export function Gate({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <main class="gate" id="main">
      <div class="gate-card">
        <Logo size={40} />
        <h1 tabIndex={-1}>{title}</h1>
        {children}
      </div>
      <footer>{session.value && <span>Backstock {session.value.version}</span>}</footer>
    </main>
  );
}
