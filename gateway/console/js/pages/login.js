// The login page of the console.
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
    'Get one with ',
    h('code', {}, 'npx tarazu token --role desk'),
    ', or open the link the demo prints. It stays in this tab and is forgotten when the tab closes.',
  ];
  loginForm(root, { session, about, identify });
  return { title: 'Sign in', end: () => {} };
}
