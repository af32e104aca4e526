// Signing in: a token from the link that was printed, or pasted here. Nothing is stored beyond this tab.
import { fill, h } from './dom.js';
import { go } from './router.js';

/**
 * Shows the form. `identify` asks the server whose token it is and throws nothing; refused, the login page is shown anew with the reason.
 * @template Me
 * @param {HTMLElement} root
 * @param {{ session: import('./tab-session.js').TabSession<Me>, about: import('./dom.js').Child[], identify: () => Promise<unknown> }} terms
 */
export function loginForm(root, { session, about, identify }) {
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
    h('p', { class: 'reason', role: 'alert', hidden: session.reason === '' }, session.reason),
    h('label', { for: 'token' }, 'Token'),
    field,
    h('p', { id: 'token-about', class: 'hint' }, about),
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
    if (session.token !== '') go(back === '' ? '#/' : back);
  }
}
