// Start of the night's page: token, theme, keys, frame; then the page and the date the address names. A token that is no longer taken sends the person to
// the login page and back to where they were.
import { ApiError } from '/kit/api-error.js';
import { byId, fill } from '/kit/dom.js';
import { everywhereKey, forgetPageKeys, startKeys } from '/kit/keys.js';
import { addressOf, go, here } from '/kit/router.js';
import { startTheme, toggleTheme } from '/kit/theme.js';
import { get } from './api.js';
import { dateOf } from './format.js';
import { PAGES } from './navigation.js';
import { night } from './night.js';
import { loginPage } from './pages/login.js';
import { session } from './session.js';
import { shell } from './shell.js';

const RETRY_MILLIS = 2_000;

/** @type {import('./navigation.js').Screen | undefined} */
let screen;

async function start() {
  startTheme();
  session.take();
  fill(byId('shell'), shell.element);
  startKeys(PAGES);
  everywhereKey({ keys: '[', does: 'Trading day before', run: () => shell.step(-1) });
  everywhereKey({ keys: ']', does: 'Trading day after', run: () => shell.step(1) });
  everywhereKey({ keys: 'T', does: 'Light or dark', run: () => toggleTheme() });
  addEventListener('hashchange', show);
  session.changed.on(() => {
    if (session.me === undefined) night.stop();
    shell.identify();
    if (session.token === '') go(addressOf('login'));
  });
  if (session.token === '') show();
  else await identify();
}

/** Asks who the token is; until the server can be reached the page waits, saying so. */
async function identify() {
  try {
    /** @type {import('./wire.d.ts').Me} */
    const me = await get('/v1/me');
    session.known(me);
    night.start(me.now);
    if (here().argument === '') await night.follow(await newestDate(dateOf(me.now)));
    show();
  } catch (error) {
    if (session.token === '') return;
    if (error instanceof ApiError && error.status !== 0 && error.status < 500) return session.forget(error.message);
    shell.wait('The night’s server cannot be reached. Trying again …');
    setTimeout(identify, RETRY_MILLIS);
  }
}

/** Newest date with a run, today when there is none. @param {string} today */
async function newestDate(today) {
  /** @type {{ days: import('./wire.d.ts').Day[] }} */
  const { days } = await get('/v1/night/days', { until: today, count: 20, states: 0 });
  return days.find(({ runs }) => runs.length > 0)?.date ?? today;
}

function show() {
  const place = here();
  screen?.end();
  screen = undefined;
  forgetPageKeys();
  fill(shell.main);
  if (session.token === '' || place.page === 'login') {
    screen = loginPage(shell.main, identify);
    shell.entered('login', screen.title);
    return;
  }
  if (session.me === undefined) return;
  const page = PAGES.find(({ id }) => id === place.page) ?? PAGES[0];
  if (page === undefined) return;
  const date = /^\d{4}-\d{2}-\d{2}$/.test(place.argument) ? place.argument : night.date;
  if (page.id !== place.page || date !== place.argument) history.replaceState(null, '', addressOf(page.id, date, Object.fromEntries(place.query)));
  void night.follow(date);
  screen = page.start(shell.main, here());
  shell.entered(page.id, screen.title);
}

void start();
