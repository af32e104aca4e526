// Light or dark: the system's choice until the caller makes one, which this browser then remembers.

const KEY = 'tarazu.theme';
const system = matchMedia('(prefers-color-scheme: dark)');

/** Puts the theme in force; call once at start. */
export function startTheme() {
  show();
  system.addEventListener('change', show);
}

/** Switches to the other theme and returns its name. */
export function toggleTheme() {
  const next = current() === 'dark' ? 'light' : 'dark';
  localStorage.setItem(KEY, next);
  show();
  return next;
}

/** 'light' or 'dark', as shown now. */
export function current() {
  const chosen = localStorage.getItem(KEY);
  return chosen === 'light' || chosen === 'dark' ? chosen : system.matches ? 'dark' : 'light';
}

function show() {
  document.documentElement.dataset.theme = current();
}
