// The sentences: none missing, none left over, and values that look like templates stay what they are.
import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import type { FailureCode } from '../../activities/imap.ts';
import type { RoundStatus } from '../../db/repositories/rescheduling.ts';
import type { NoticeParams } from '../../domain/notices.ts';
import type { RefusalCode } from '../../domain/refusal.ts';
import type { Obstacle } from '../../domain/rescheduling/effect.ts';
import type { Reason } from '../../domain/rescheduling/types.ts';
import en from '../../locales/en.json' with { type: 'json' };
import { translator } from '../../locales/index.ts';

const withoutPlural = (name: string) => name.replace(/_(?:zero|one|two|few|many|other)$/, '');
const names = (group: object) => [...new Set(Object.keys(group).map(withoutPlural))].sort();

/** Codes that sentences are looked up by; the compiler sees that each is here. */
const refusals: Record<RefusalCode, 1> = {
  'account-inactive': 1, 'account-unknown': 1, 'already-cr': 1, 'already-marked': 1, 'appeal-decided': 1, 'appeal-needless': 1, 'appeal-too-early': 1,
  'assignment-unclear': 1, 'attendance-closed': 1, 'attendance-completed': 1, 'attendance-not-open': 1, 'bad-request': 1, 'broadcast-limit': 1, 'busy': 1,
  'chat-not-linked': 1, 'code-of-another-class': 1, 'code-old': 1, 'code-tries': 1, 'code-wrong': 1, 'columns-missing': 1, 'columns-twice': 1,
  'device-bound': 1, 'device-needed': 1, 'device-proof-wrong': 1, 'device-taken': 1, 'faculty-taken': 1, 'file-is-csv': 1, 'file-is-xls': 1,
  'file-missing': 1, 'file-not-xlsx': 1, 'file-too-large': 1, 'file-unpacks-too-large': 1, 'hours-out-of-order': 1, 'idempotency-key-reused': 1,
  'identity-provider-unreachable': 1, 'identity-wrong': 1, 'interview-gone': 1, 'leave-settled': 1, 'link-code-tries': 1, 'link-code-wrong': 1,
  'mail-domain-not-ours': 1, 'mail-not-verified': 1, 'marks-cut-off': 1, 'no-class-now': 1, 'nobody-to-tell': 1, 'not-allowed': 1, 'not-found': 1,
  'not-signed-in': 1, 'nothing-taught': 1, 'option-taken': 1, 'organisation-unknown': 1, 'outside-term': 1, 'page-foreign': 1, 'periods-many': 1, 'periods-missing': 1,
  'periods-overlap': 1, 'process-unreachable': 1, 'reason-needed': 1, 'refresh-token-reused': 1, 'term-unknown': 1, 'timetable-incomplete': 1, 'timetable-not-in-force': 1,
  'timetable-not-draft': 1, 'entry-locked': 1, 'move-breaks': 1,
  'refresh-token-wrong': 1, 'report-too-large': 1, 'request-running': 1, 'room-taken': 1, 'room-too-small': 1, 'room-unknown': 1, 'round-over': 1, 'rows-wrong': 1,
  'section-taken': 1, 'sender-pattern': 1, 'session-has-marks': 1, 'session-not-scheduled': 1, 'session-over': 1, 'session-too-early': 1,
  'sheet-empty': 1, 'sheet-too-long': 1, 'sheet-too-wide': 1, 'sign-in-begun-elsewhere': 1, 'sign-in-declined': 1, 'sign-in-not-set-up': 1,
  'slot-not-aligned': 1, 'still-taught': 1, 'subject-parts-wrong': 1, 'student-named-twice': 1, 'student-not-on-roster': 1, 'student-taken': 1, 'substitute-unknown': 1,
  'substitution-over': 1, 'term-missing': 1, 'time-not-ahead': 1, 'time-past': 1, 'time-taken': 1,
};
const reasons: Record<Reason['code'], 1> = { 'core-hours': 1, 'everyone-free': 1, 'light-day': 1, 'right-size': 1, 'same-room': 1, 'soon': 1 };
const obstacles: Record<Obstacle['code'], 1> = {
  'daily-load-faculty': 1, 'daily-load-students': 1, 'faculty-busy': 1, 'holiday': 1, 'no-room': 1, 'outside-horizon': 1, 'rooms-busy': 1,
  'students-busy': 1, 'class-too-soon': 1, 'no-weekly-slot': 1, 'room-taken': 1, 'room-too-small': 1, 'room-unsuitable': 1, 'too-soon': 1,
};
const mailboxFailures: Record<FailureCode, 1> = {
  'certificate': 1, 'model-unavailable': 1, 'oauth-not-set-up': 1, 'protocol': 1, 'secret-unreadable': 1, 'throttled': 1,
  'token-endpoint-down': 1, 'token-refused': 1, 'unreachable': 1, 'wrong-password': 1,
};
/** An offered round is not over; `decided` is one whose decision is being processed. */
const rounds: Record<Exclude<RoundStatus, 'offered'> | 'decided', 1> = {
  decided: 1, declined: 1, expired: 1, gathering: 1, made_up: 1, moved: 1, on_duty: 1, seated: 1, undoing: 1, undone: 1, withdrawn: 1,
};
const notMoved: Record<NoticeParams['reschedule-impossible']['why'], 1> = { 'too-few': 1, 'no-slot': 1, 'too-late': 1 };
const off: Record<NoticeParams['reschedule-off']['why'], 1> = { declined: 1, expired: 1, withdrawn: 1 };

describe('D5 every sentence a person reads is in locales', () => {
  test('each code has its sentence, and no code that is gone still has one', () => {
    expect(names(en.refusals)).toEqual(names(refusals));
    expect(names(en.reasons)).toEqual(names(reasons));
    expect(names(en.obstacles)).toEqual(names({ ...obstacles, 'something-else': 1 }));
    expect(names(en['mailbox-failures'])).toEqual(names(mailboxFailures));
    expect(names(en.rounds)).toEqual(names(rounds));
    expect(names(en['room-kinds'])).toEqual(['lab', 'theory']);
    expect(names(en['interview-status'])).toEqual(['asked', 'cancelled']);
    expect(names(en.notices['reschedule-impossible'])).toEqual(names({ ...notMoved, title: 1 }));
    expect(names(en.notices['reschedule-off'])).toEqual(names({ ...off, title: 1 }));
  });

  test('every sentence is used', async () => {
    const code = await sourcesOf('locales', 'bots', 'activities', 'api', 'bin', 'web');
    const said = [...code.matchAll(/'([\w.-]+)'|`((?:[\w.-]|\$\{[^`{}]*\})+)`|\{\{(pages\.[\w-]+)\}\}/g)].map(([, whole, template, onPage]) =>
      new RegExp(`^${(whole ?? template ?? onPage!).replaceAll('.', '\\.').replaceAll(/\$\{[^}]*\}/g, '[\\w-]+')}$`));
    expect(pathsOf(en).filter((path) => !said.some((pattern) => pattern.test(path)))).toEqual([]);
  });
});

describe('D5 sentences with values', () => {
  const t = translator('en-IN');

  test('a locale without sentences of its own gets English', () => {
    expect(translator('hi-IN')('doors.text-only')).toBe(t('doors.text-only'));
    expect(t('doors.text-only')).toBe(en.doors['text-only']);
  });

  test.each(['$t(doors.text-only)', '{{company}}', '$&$1', '<b>&amp;', '__proto__', ''])('a name like %p is said as it is', (company) => {
    expect(t('notices.interview-found.title', { company })).toBe(`Interview: ${company}`);
  });

  test('none, one and several', () => {
    expect([0, 1, 2].map((count) => t('reasons.soon', { count }))).toEqual([en.reasons.soon_zero, en.reasons.soon_one, 'Only 2 days after the earliest possible day']);
  });
});

function pathsOf(tree: object, prefix = ''): string[] {
  const paths = Object.entries(tree).flatMap(([name, value]: [string, object | string]) =>
    typeof value === 'string' ? [prefix + withoutPlural(name)] : pathsOf(value, `${prefix}${name}.`));
  return [...new Set(paths)];
}

async function sourcesOf(...folders: string[]): Promise<string> {
  const root = new URL('../../', import.meta.url);
  const files = await Promise.all(folders.map(async (folder) =>
    (await readdir(new URL(folder, root), { recursive: true })).filter((name) => /\.(?:ts|js|html)$/.test(name)).map((name) => new URL(`${folder}/${name}`, root))));
  return (await Promise.all(files.flat().map((file) => readFile(file, 'utf8')))).join('\n');
}
