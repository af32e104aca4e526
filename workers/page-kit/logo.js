// The scales.
import { s } from './dom.js';

export function logo() {
  return s(
    'svg',
    { viewBox: '0 0 32 32', class: 'logo', 'aria-hidden': 'true' },
    s('path', { d: 'M16 6v19M11 25h10M6 10h20M6 10l-3 8a3.2 3.2 0 0 0 6 0zM26 10l-3 8a3.2 3.2 0 0 0 6 0z' }),
  );
}
