// On or off, at once.
interface Props {
  label: string;
  on: boolean;
  set: (on: boolean) => void;
}

export function Toggle({ label, on, set }: Props) {
  return (
    <label class="toggle">
      <input type="checkbox" role="switch" checked={on} onChange={(event) => set(event.currentTarget.checked)} />
      <span class="toggle-track" aria-hidden="true" />
      {label}
    </label>
  );
}
