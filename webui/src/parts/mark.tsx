// A state: always a word, a colour and an icon together.
import type { Said } from '../lib/words';
import { Icon } from './icon';

export function Mark({ said, title }: { said: Said; title?: string }) {
  return (
    <span class="mark" data-tone={said.tone} title={title}>
      <Icon name={said.icon} size={14} />
      {said.word}
    </span>
  );
}
