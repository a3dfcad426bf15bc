// What a screen reader shall say without being asked. parts/shell.tsx holds the live region.
import { signal } from '@preact/signals';

export const announced = signal('');

export function announce(text: string): void {
  announced.value = text;
}
