// Start of the console: token, theme, keys, shell, stream; then the page the address names. A token that ends sends the caller to the login page and
// back to where he was.
import { ApiError } from '/kit/api-error.js';
import { byId, fill } from '/kit/dom.js';
import { everywhereKey, forgetPageKeys, startKeys } from '/kit/keys.js';
import { addressOf, go, here } from '/kit/router.js';
import { startTheme, toggleTheme } from '/kit/theme.js';
import { get } from './api.js';
import { openPages, PAGES } from './navigation.js';
import { loginPage } from './pages/login.js';
import { openPalette } from './palette.js';
import { session } from './session.js';
import { shell } from './shell.js';
import { stream } from './stream.js';

const RETRY_MILLIS = 2_000;

/** @type {import('./navigation.js').Screen | undefined} */
let screen;

async function start() {
  startTheme();
  session.take();
  fill(byId('shell'), shell.element);
  startKeys(PAGES);
  everywhereKey({ keys: '/', does: 'Find a client or an instrument', run: () => openPalette() });
  everywhereKey({ keys: 'T', does: 'Light or dark', run: () => toggleTheme() });
  addEventListener('hashchange', show);
  session.changed.on(() => {
    stream.follow();
    shell.identify();
    if (session.token === '') go(addressOf('login'));
  });
  if (session.token === '') show();
  else await identify();
}

/** Asks the gateway who the token is; until it can be reached the page waits, saying so. */
async function identify() {
  try {
    session.known(await get('/v1/me'));
    show();
  } catch (error) {
    if (session.token === '') return;
    if (error instanceof ApiError && error.status !== 0 && error.status < 500) return session.forget(`${error.message}.`);
    shell.wait('The gateway cannot be reached. Trying again …');
    setTimeout(identify, RETRY_MILLIS);
  }
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
  const pages = openPages();
  const page = pages.find(({ id }) => id === place.page) ?? pages[0];
  if (page === undefined) return shell.wait('This token opens no page of the console.');
  if (page.id !== place.page) history.replaceState(null, '', addressOf(page.id));
  screen = page.start(shell.main, here());
  shell.entered(page.id, screen.title);
}

void start();
