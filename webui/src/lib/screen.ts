// Whether the screen is a phone's. The same bound stands in style.css.
import { signal } from '@preact/signals';

const query = window.matchMedia('(max-width: 719px)');
export const isNarrow = signal(query.matches);
query.addEventListener('change', () => (isNarrow.value = query.matches));
