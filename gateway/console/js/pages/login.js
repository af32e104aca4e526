// Signing in: a token from the link the gateway printed, or pasted here. Nothing is stored beyond this tab.
import { fill, h } from '../dom.js';
import { go } from '../router.js';
import { session } from '../session.js';

/**
 * @param {HTMLElement} root
 * @param {() => Promise<unknown>} identify Asks the gateway who the token is; throws nothing.
 * @returns {import('../navigation.js').Screen}
 */
export function loginPage(root, identify) {
  const reason = h('p', { class: 'reason', role: 'alert', hidden: session.reason === '' }, session.reason);
  const field = h('textarea', {
    id: 'token',
    rows: '4',
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
    reason,
    h('label', { for: 'token' }, 'Token'),
    field,
    h(
      'p',
      { id: 'token-about', class: 'hint' },
      'Get one with ',
      h('code', {}, 'npx tarazu token --role desk'),
      ', or open the link the demo prints. It stays in this tab and is forgotten when the tab closes.',
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
    await identify();
    // Refused, this page was shown anew, with the reason.
    if (session.token !== '') go(back === '' ? '#/' : back);
  }
  return { title: 'Sign in', end: () => {} };
}
