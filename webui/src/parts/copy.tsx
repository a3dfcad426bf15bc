// Puts a text on the clipboard and says so.
import { useEffect, useState } from 'preact/hooks';
import { announce } from '../lib/announce';
import { Icon } from './icon';

// Without https the clipboard's own interface is missing, except on the same machine.
async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement('textarea');
    area.value = text;
    area.className = 'visually-hidden';
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    return done;
  }
}

interface Props {
  text: () => string;
  /** What is copied: "store identifier". */
  what: string;
  label?: string;
}

export function Copy({ text, what, label }: Props) {
  const [said, say] = useState('');
  useEffect(() => {
    if (!said) return;
    const timer = window.setTimeout(() => say(''), 2000);
    return () => window.clearTimeout(timer);
  }, [said]);
  const act = async () => {
    const words = (await copyText(text())) ? 'Copied' : 'Not copied: the browser refused';
    say(words);
    announce(words);
  };
  return (
    <button type="button" class={label ? '' : 'icon-button'} onClick={() => void act()} aria-label={label ? undefined : `Copy ${what}`} title={`Copy ${what}`}>
      <Icon name={said === 'Copied' ? 'check' : 'copy'} />
      {label && (said || label)}
    </button>
  );
}
