// The login page of the night's page.
import { h } from '/kit/dom.js';
import { loginForm } from '/kit/login.js';
import { session } from '../session.js';

/**
 * @param {HTMLElement} root
 * @param {() => Promise<unknown>} identify
 * @returns {import('../navigation.js').Screen}
 */
export function loginPage(root, identify) {
  const about = [
    'Made once with ',
    h('code', {}, 'npx tarazu-batch person add NAME'),
    '. Whatever you do here is done in your name. The token stays in this tab and is forgotten when the tab closes.',
  ];
  loginForm(root, { session, about, identify });
  return { title: 'Sign in', end: () => {} };
}
