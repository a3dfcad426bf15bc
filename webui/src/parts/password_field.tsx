// A password: shown on demand, with a word when Caps Lock is on.
import { useId, useState } from 'preact/hooks';
import { Icon } from './icon';

interface Props {
  label: string;
  value: string;
  set: (value: string) => void;
  isNew?: boolean;
  autoFocus?: boolean;
  invalid?: boolean;
  describedBy?: string;
}

export const kShortest = 10;
export const kLongest = 200;

/** What is still wrong with a new password; null: nothing. Counted in characters, as the daemon does. */
export function passwordFault(password: string): string | null {
  const length = [...password].length;
  if (length < kShortest) return length === 0 ? 'Choose a password.' : `${kShortest - length} more to go.`;
  if (length > kLongest) return `${length - kLongest} too many.`;
  return null;
}

export function PasswordField({ label, value, set, isNew, autoFocus, invalid, describedBy }: Props) {
  const id = useId();
  const [isShown, show] = useState(false);
  const [isCaps, setCaps] = useState(false);
  const look = (event: KeyboardEvent) => setCaps(event.getModifierState('CapsLock'));
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="password">
        <input
          id={id}
          {...(isShown ? { type: 'text' as const } : { type: 'password' as const })}
          value={value}
          required
          spellcheck={false}
          autocapitalize="off"
          autocomplete={isNew ? 'new-password' : 'current-password'}
          aria-invalid={invalid}
          aria-describedby={[describedBy, `${id}-caps`].filter(Boolean).join(' ')}
          autofocus={autoFocus}
          onInput={(event) => set(event.currentTarget.value)}
          onKeyDown={look}
          onKeyUp={look}
          onBlur={() => setCaps(false)}
        />
        <button type="button" class="icon-button" aria-pressed={isShown} aria-label="Show password" title="Show password" onClick={() => show(!isShown)}>
          <Icon name="eye" />
        </button>
      </div>
      <p class="hint" id={`${id}-caps`} role="status">
        {isCaps && (
          <span class="caps">
            <Icon name="alert" size={14} /> Caps Lock is on
          </span>
        )}
      </p>
    </div>
  );
}
