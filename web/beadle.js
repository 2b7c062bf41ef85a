// What every page shares: its sentences, who is signed in, and asking the API.

/** @import { output } from 'zod' */
/** @import { PageSentence } from '../locales/index.ts' */
/** @import { pageSignedInAnswer } from '../schemas/sign-in.ts' */
/** @typedef {output<typeof pageSignedInAnswer>} SignedIn */

/** @type {Record<string, string>} */
const sentences = JSON.parse(element('sentences').textContent);

/**
 * A sentence with its values put in.
 * @param {PageSentence} name
 * @param {Record<string, string | number>} [values]
 */
export function say(name, values = {}) {
  return String(sentences[name.slice('pages.'.length)]).replaceAll(/\{\{(\w+)\}\}/g, (_, value) => String(values[value]));
}

/**
 * The page's element with an id.
 * @param {string} id
 */
export function element(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

/** Where the page says what came of something. */
export const answer = element('answer');

/**
 * Says something; nothing, for an empty text.
 * @param {string} text
 * @param {'' | 'good' | 'bad'} [kind]
 */
export function tell(text, kind = '') {
  answer.textContent = text;
  answer.className = kind;
}

/**
 * Shows these parts of the page, and no others of `all`.
 * @param {readonly HTMLElement[]} all
 * @param {readonly HTMLElement[]} shown
 */
export function show(all, ...shown) {
  for (const part of all) part.hidden = !shown.includes(part);
}

/** @type {SignedIn | null} */
let signedIn = null;

/** Where signing in begins, and comes back from to this very page. */
export const signInAddress = () => `/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`;

/**
 * Each token of the sign-in is exchanged once, so pages of this browser take turns, where it lets them.
 * @param {() => Promise<Response>} work
 */
const inTurn = (work) => ('locks' in navigator ? navigator.locks.request('beadle-sign-in', work) : work());

/**
 * Gets an access token by the cookie. Null when nobody is signed in. Rejects when that can't be found out.
 * @returns {Promise<SignedIn | null>}
 */
export async function renew() {
  const answer = await inTurn(() => fetch('/api/auth/browser', { method: 'POST' }));
  if (!answer.ok && answer.status !== 401 && answer.status !== 403) throw new Error(`HTTP ${answer.status}`);
  signedIn = answer.ok ? await answer.json() : null;
  return signedIn;
}

/**
 * Ends the sign-in of this browser.
 * @returns whether that went through
 */
export async function signOut() {
  const answer = await fetch('/api/auth/browser', { method: 'DELETE' }).catch(() => null);
  if (!answer?.ok) return false;
  signedIn = null;
  return true;
}

/**
 * @template Body
 * @typedef {{ ok: true, status: number, body: Body } | { ok: false, status: number, code: string, message: string }} Answer
 */

/**
 * Asks the API as who is signed in. Never throws: without a connection the status is 0.
 * @template Body
 * @param {string} method
 * @param {string} path
 * @param {object} [body]
 * @returns {Promise<Answer<Body>>}
 */
export async function ask(method, path, body) {
  const request = () => fetch(path, {
    method,
    headers: { authorization: `Bearer ${signedIn?.access_token ?? ''}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  try {
    let answer = await request();
    if (answer.status === 401 && (await renew())) answer = await request();
    const said = await answer.json();
    if (answer.ok) return { ok: true, status: answer.status, body: said };
    return { ok: false, status: answer.status, code: said.error.code, message: said.error.message };
  } catch {
    return { ok: false, status: 0, code: 'no-connection', message: say('pages.no-connection') };
  }
}
