// What is shown in class while attendance is taken: the code of the moment, large, and how many are there. For who teaches it.
import { ask, element, renew, say, show, signInAddress, tell } from './beadle.js';

/** @import { output } from 'zod' */
/** @import { takingAnswer } from '../schemas/attendance.ts' */
/** @import { facultyDashboardAnswer } from '../schemas/reports.ts' */
/** @typedef {output<typeof takingAnswer>} Taking */
/** @typedef {import('./beadle.js').Answer<Taking>} TakingAnswer */

const LOOK_MS = 3_000;
const EXTEND_MINUTES = 5;
/** Of the countdown. */
const TICK_MS = 200;

const signIn = element('sign-in');
const classes = element('classes');
const open = /** @type {HTMLButtonElement} */ (element('open'));
const shown = element('shown');
const there = element('there');
const controls = element('controls');
const extend = /** @type {HTMLButtonElement} */ (element('extend'));
const sure = /** @type {HTMLDialogElement} */ (element('sure'));
const left = /** @type {HTMLProgressElement} */ (element('left'));
const parts = [signIn, classes, open, shown, there, controls];

const session = new URLSearchParams(location.search).get('session') ?? '';
/** @type {string | undefined} */
let timeZone;
const clockTime = (/** @type {string} */ instant) =>
  new Intl.DateTimeFormat(document.documentElement.lang, { hour: 'numeric', minute: '2-digit', timeZone }).format(new Date(instant));

/** @type {Taking | null} */
let taking = null;
/** The server's clock, compared with this machine's, in milliseconds. */
let ahead = 0;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let nextLook;

/** Shows what an answer says of the session; looks again soon, for as long as attendance is open. */
function take(/** @type {TakingAnswer} */ asked) {
  clearTimeout(nextLook);
  if (asked.ok) {
    tell('');
    taking = asked.body;
    ahead = Date.parse(taking.as_of) - Date.now();
    showTaking(taking);
    if (taking.status === 'open') nextLook = setTimeout(look, untilNextLook(taking));
    return;
  }
  if (asked.status === 401) return askToSignIn();
  // It may be better in a moment: no connection, too much to do.
  if (asked.status === 0 || asked.status === 429 || asked.status >= 500) {
    tell(taking ? say('pages.projector-unreachable') : asked.message, 'bad');
    nextLook = setTimeout(look, LOOK_MS);
    return;
  }
  if (asked.code === 'attendance-not-open') {
    tell(say('pages.projector-not-open'));
    return show(parts, open);
  }
  tell(asked.message, 'bad');
}

/** @param {Taking} state */
const untilNextLook = ({ next_code_at: next }) =>
  (next === null ? LOOK_MS : Math.min(LOOK_MS, Math.max(TICK_MS, Date.parse(next) - Date.now() - ahead)));

const path = (/** @type {string} */ rest) => `/api/attendance/session/${encodeURIComponent(session)}/${rest}`;

async function look() {
  take(await ask('GET', path('code')));
}

/** @param {Taking} state */
function showTaking(state) {
  element('subject').textContent = `${state.subject_code} ${state.subject_name}`;
  element('room').textContent = say('pages.projector-room', { section: state.section, room: state.room });
  there.textContent = say('pages.projector-there', { there: state.students_there, expected: state.total_students });
  if (state.status === 'completed') {
    tell(say('pages.projector-completed'));
    return show(parts, there);
  }
  const { otp, qr_svg: qr } = state;
  if (otp === null || qr === null) {
    element('until').textContent = say('pages.projector-over');
    return show(parts, there, controls);
  }
  /** @type {HTMLImageElement} */ (element('qr')).src = `data:image/svg+xml,${encodeURIComponent(qr)}`;
  element('code').textContent = `${otp.slice(0, 3)} ${otp.slice(3)}`;
  element('address').textContent = say('pages.projector-scan', { address: `${location.host}/check-in` });
  element('until').textContent = say('pages.projector-until', { time: clockTime(state.closes_at) });
  show(parts, shown, there, controls);
  countDown();
}

function countDown() {
  const next = element('next');
  next.hidden = left.hidden = taking?.next_code_at == null;
  if (taking?.next_code_at == null) return;
  const milliseconds = Math.max(0, Date.parse(taking.next_code_at) - Date.now() - ahead);
  next.textContent = say('pages.projector-next', { seconds: Math.ceil(milliseconds / 1000) });
  left.value = milliseconds / (taking.step_seconds * 1000);
}

function askToSignIn() {
  tell('');
  show(parts, signIn);
}

/** Without a session in the address: which of today's classes. */
async function listClasses() {
  /** @type {import('./beadle.js').Answer<output<typeof facultyDashboardAnswer>>} */
  const asked = await ask('GET', '/api/faculty/dashboard');
  if (!asked.ok) return tell(asked.message, 'bad');
  const held = asked.body.today.filter(({ status }) => status !== 'cancelled');
  if (held.length === 0) return tell(say('pages.projector-none'));
  tell('');
  element('class-list').replaceChildren(...held.map((one) => {
    const link = document.createElement('a');
    link.href = `/projector?session=${one.id}`;
    link.textContent = `${clockTime(one.starts_at)} · ${one.subject_code} ${one.subject_name} · ${one.section_name}`;
    const item = document.createElement('li');
    item.append(link);
    return item;
  }));
  show(parts, classes);
}

/**
 * Asks once, however often the button is pressed meanwhile.
 * @param {HTMLButtonElement} button
 * @param {() => Promise<TakingAnswer>} asking
 */
const once = (button, asking) => async () => {
  if (button.disabled) return;
  button.disabled = true;
  const asked = await asking();
  button.disabled = false;
  take(asked);
};

open.addEventListener('click', once(open, () => ask('POST', '/api/faculty/generate-otp', { session_id: session })));
extend.addEventListener('click', once(extend, () => ask('POST', path('extend'), { minutes: EXTEND_MINUTES })));
element('complete').addEventListener('click', () => {
  // It would keep the last answer when it is closed without one.
  sure.returnValue = '';
  sure.showModal();
});
sure.addEventListener('close', async () => {
  if (sure.returnValue !== 'complete') return;
  const completed = await ask('POST', '/api/faculty/complete-session', { session_id: session });
  if (completed.ok) await look();
  else tell(completed.message, 'bad');
});

async function begin() {
  try {
    const signedIn = await renew();
    if (!signedIn) return askToSignIn();
    timeZone = signedIn.person.time_zone;
    await (session === '' ? listClasses() : look());
  } catch {
    tell(say('pages.no-connection'), 'bad');
    setTimeout(begin, LOOK_MS);
  }
}

extend.textContent = say('pages.projector-extend', { minutes: EXTEND_MINUTES });
/** @type {HTMLAnchorElement} */ (element('sign-in-link')).href = signInAddress();
setInterval(countDown, TICK_MS);
void begin();
