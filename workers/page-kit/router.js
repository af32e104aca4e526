// The address decides what is shown: #/page/argument?name=value. A page is started with its place and says how it ends.

/**
 * @typedef {object} Place
 * @property {string} page
 * @property {string} argument Percent-decoded; '' when there is none.
 * @property {URLSearchParams} query
 */

/** Where the address points. @returns {Place} */
export function here() {
  const [path = '', query = ''] = location.hash.replace(/^#\/?/, '').split('?');
  const [page = '', argument = ''] = path.split('/');
  return { page, argument: decode(argument), query: new URLSearchParams(query) };
}

/**
 * Address of a page.
 * @param {string} page
 * @param {string} [argument]
 * @param {Record<string, string>} [query]
 */
export function addressOf(page, argument = '', query = {}) {
  const search = new URLSearchParams(query).toString();
  return `#/${page}${argument === '' ? '' : `/${encodeURIComponent(argument)}`}${search === '' ? '' : `?${search}`}`;
}

/** @param {string} address As addressOf gives it. */
export function go(address) {
  if (location.hash === address) dispatchEvent(new HashChangeEvent('hashchange'));
  else location.hash = address;
}

/** @param {string} text */
function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
