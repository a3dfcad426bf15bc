// One of a few, all in sight: radio buttons in one line.
import { useId } from 'preact/hooks';

interface Props<T extends string> {
  legend: string;
  options: { value: T; label: string }[];
  chosen: T;
  choose: (value: T) => void;
}

export function Segments<T extends string>({ legend, options, chosen, choose }: Props<T>) {
  const name = useId();
  return (
    <fieldset class="segments">
      <legend class="visually-hidden">{legend}</legend>
      {options.map(({ value, label }) => (
        <label key={value}>
          <input type="radio" name={name} checked={value === chosen} onChange={() => choose(value)} />
          <span>{label}</span>
        </label>
      ))}
    </fieldset>
  );
}
