// Signing in: a token from the link that was printed, or pasted here. Nothing is stored beyond this tab.
import { fill, h } from '../dom.js';
import { session } from '../session.js';

/**
 * @param {HTMLElement} root
 * @param {() => Promise<unknown>} identify Asks the server who the token is; throws nothing.
 * @returns {import('../navigation.js').Screen}
 */
export function loginPage(root, identify) {
  const field = h('textarea', {
    id: 'token',
    rows: '3',
    spellcheck: 'false',
    autocomplete: 'off',
    required: true,
    'aria-describedby': 'token-about',
  });
  const enter = h('button', { class: 'primary' }, 'Sign in');
  const form = h(
    'form',
    { class: 'login card', onsubmit: (/** @type {SubmitEvent} */ event) => void submit(event) },
    h('h1', {}, 'Sign in'),
    h('p', { class: 'reason', role: 'alert', hidden: session.reason === '' }, session.reason),
    h('label', { for: 'token' }, 'Your token'),
    field,
    h(
      'p',
      { id: 'token-about', class: 'hint' },
      'Made once with ',
      h('code', {}, 'npx tarazu-batch person add NAME'),
      '. Whatever you do here is done in your name. The token stays in this tab and is forgotten when the tab closes.',
    ),
    enter,
  );
  fill(root, form);
  field.focus();

  /** @param {SubmitEvent} event */
  async function submit(event) {
    event.preventDefault();
    const token = field.value.trim();
    if (token === '') return;
    enter.disabled = true;
    session.keep(token);
    const back = session.takeReturn();
    if (back !== '') history.replaceState(null, '', back);
    else history.replaceState(null, '', '#/');
    // Refused, this page is shown anew, with the reason.
    await identify();
  }
  return { title: 'Sign in', end: () => {} };
}
