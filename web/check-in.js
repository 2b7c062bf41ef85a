// A student marks attendance: with the code of the QR code's address, or one that is typed.
import { answer, ask, element, renew, say, show, signInAddress, signOut, tell } from './beadle.js';

/** @import { output } from 'zod' */
/** @import { markAnswer } from '../schemas/attendance.ts' */
/** @typedef {output<typeof markAnswer>} Receipt */

/** Until it is tried again whether there is a connection. */
const AGAIN_MS = 3_000;

const form = /** @type {HTMLFormElement} */ (element('form'));
const code = /** @type {HTMLInputElement} */ (element('code'));
const here = /** @type {HTMLButtonElement} */ (element('here'));
const signIn = element('sign-in');
const another = element('another');
const who = element('who');
const parts = [form, signIn, another, who];

const address = new URLSearchParams(location.search);
/** The QR code's; one that is typed may be of another class. */
const scanned = { code: address.get('code') ?? '', session: Number(address.get('session')) };
let deviceId = '';

async function begin() {
  try {
    const signedIn = await renew();
    tell('');
    if (!signedIn) return show(parts, signIn);
    deviceId = signedIn.device_id;
    element('name').textContent = signedIn.person.name;
    show(parts, form, who);
    (code.value === '' ? code : here).focus();
  } catch {
    tell(say('pages.no-connection'), 'bad');
    setTimeout(begin, AGAIN_MS);
  }
}

async function mark() {
  const digits = code.value.replaceAll(/\D/g, '');
  if (digits.length !== 6) {
    tell(say('pages.check-in-digits'), 'bad');
    return code.focus();
  }
  here.disabled = true;
  tell(say('pages.wait'));
  const isScanned = digits === scanned.code && Number.isSafeInteger(scanned.session) && scanned.session > 0;
  /** @type {import('./beadle.js').Answer<Receipt>} */
  const marked = await ask('POST', '/api/student/mark-attendance', {
    code: digits, device_id: deviceId, ...(isScanned && { session_id: scanned.session }),
  });
  here.disabled = false;
  if (marked.ok) {
    tell(marked.body.message, 'good');
    show(parts, another, who);
    return answer.focus();
  }
  if (marked.status === 401) {
    tell('');
    return show(parts, signIn);
  }
  tell(marked.message, 'bad');
  // What is wrong with a code doesn't get better by sending it again; without a connection it may.
  if (marked.code.startsWith('code-')) code.value = '';
  code.focus();
  code.select();
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  if (!here.disabled) void mark();
});
another.addEventListener('click', () => {
  tell('');
  code.value = '';
  show(parts, form, who);
  code.focus();
});
element('sign-out').addEventListener('click', async () => {
  const isOut = await signOut();
  tell(isOut ? '' : say('pages.no-connection'), isOut ? '' : 'bad');
  if (isOut) show(parts, signIn);
});

code.value = scanned.code;
/** @type {HTMLAnchorElement} */ (element('sign-in-link')).href = signInAddress();
void begin();
