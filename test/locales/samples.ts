// One notice of every kind, for the tests of whoever shows them.
import type { Coded, NoticeKind, NoticeParams } from '../../domain/notices.ts';

const physics = { subject: 'PH201 Optics', section: 'PHY-2A', start: '2026-11-24T04:30:00.000Z', end: '2026-11-24T05:20:00.000Z', room: 'C-104' };
const interview = {
  interviewId: 31, version: 4, sequence: 2, company: 'Nimbus & Söhne <R&D>', start: '2026-11-24T04:00:00.000Z', end: '2026-11-24T04:45:00.000Z',
  location: 'Seminar hall', link: 'https://meet.example/x?a=1&b=2',
};
const reasons: Coded[] = [{ code: 'everyone-free', students: 58 }, { code: 'soon', days: 0 }, { code: 'same-room' }];

const low = { subject: 'PH201 Optics', level: 'below' as const, threshold: 75, percentage: 72, remaining: 11, needed: 9, best: 100 * 29 / 36 };
const leave = { leaveId: 3, leaveKind: 'medical' as const, wholeDays: true, start: '2026-11-23T18:30:00.000Z', end: '2026-11-25T18:30:00.000Z' };

const offer: NoticeParams['reschedule-offer'] = {
  ...physics, sessionId: 9, roundId: 7, remedy: 'move', hit: 3, roster: 60, seated: 2,
  options: [
    { id: 11, start: '2026-11-25T04:30:00.000Z', end: '2026-11-25T05:20:00.000Z', room: 'B-203', reasons },
    { id: 12, start: '2026-11-26T04:30:00.000Z', end: '2026-11-26T05:20:00.000Z', room: 'B-204', reasons: [{ code: 'soon', days: 2 }] },
  ],
};

export const samples: { [Kind in NoticeKind]: NoticeParams[Kind] } = {
  'interview-found': interview,
  'interview-question': { ...interview, start: '2026-11-24', end: null, because: 'unverified' },
  'interview-moved': { ...interview, previousStart: '2026-11-23T09:00:00.000Z' },
  'interview-called-off': interview,
  'interview-which': {
    doubtId: 5, doing: 'reschedule', company: interview.company, start: interview.start, end: interview.end,
    options: [
      { interviewId: 31, company: interview.company, start: interview.start, end: interview.end },
      { interviewId: 32, company: interview.company, start: '2026-11-26', end: null },
    ],
  },
  'second-check': { ...physics, sessionId: 9, until: '2026-11-24T05:00:00.000Z' },
  'second-check-begun': { ...physics, sessionId: 9, until: '2026-11-24T05:00:00.000Z' },
  'appeal-made': { ...physics, sessionId: 9, appealId: 3, student: '23PH007', wanted: 'present' },
  'appeal-decided': { ...physics, sessionId: 9, choice: 'granted', wanted: 'on_duty', answer: 'Seen <there> & noted.' },
  'class-excused': { ...physics, sessionId: 9 },
  'class-stays': { ...physics, sessionId: 9 },
  'class-expected': {
    ...physics, sessionId: 9, insteadOf: { sessionId: 10, sequence: 1, start: '2026-11-25T04:30:00.000Z', end: '2026-11-25T05:20:00.000Z', room: 'B-203' },
  },
  'place-off': { ...physics, sessionId: 10, sequence: 1 },
  'place-stands': { ...physics, sessionId: 9 },
  'class-cancelled': { ...physics, sessionId: 9, sequence: 1 },
  'class-not-made': { ...physics, why: 'room' },
  'class-added': { ...physics, sessionId: 9, sequence: 0 },
  'substitution-asked': { ...physics, sessionId: 9, substitutionId: 3, faculty: 'Ilse Marrow' },
  'substitution-declined': { ...physics, sessionId: 9, faculty: 'Ilse Marrow' },
  'substitution-set': { ...physics, sessionId: 9, sequence: 2, faculty: 'Ilse Marrow' },
  'class-elsewhere': {
    ...physics, sessionId: 10, sequence: 1, how: 'makeup', oldStart: '2026-11-23T06:30:00.000Z', oldEnd: '2026-11-23T07:20:00.000Z', oldRoom: 'A-101',
  },
  'timetable-made': { jobId: 'tt_0123456789ab', academicYear: '2026-27', semester: 1, drafts: 5, best: 87.25 },
  'timetable-failed': { jobId: 'tt_0123456789ab', academicYear: '2026-27', semester: 1, drafts: 0, best: 0 },
  'timetable-published': { timetableId: 3, academicYear: '2026-27', semester: 1 },
  'class-moved': {
    ...physics, sessionId: 9, sequence: 3, oldStart: '2026-11-23T06:30:00.000Z', oldEnd: '2026-11-23T07:20:00.000Z', oldRoom: 'A-101',
  },
  'reschedule-offer': offer,
  'reschedule-reminder': { ...offer, remedy: 'makeup' },
  'reschedule-escalated': offer,
  'reschedule-seated': { ...physics, sessionId: 9, seated: 4 },
  'guests-expected': { ...physics, sessionId: 10, guests: 1 },
  'makeup-set': { ...physics, sessionId: 10, sequence: 0, students: 5, oldStart: '2026-11-23T06:30:00.000Z', oldEnd: '2026-11-23T07:20:00.000Z' },
  'makeup-off': { ...physics, sessionId: 10, sequence: 1 },
  'move-stands': { ...physics, sessionId: 9, why: 'room' },
  'reschedule-impossible': {
    ...physics, sessionId: 9, hit: 20, roster: 60, seated: 1, why: 'no-slot', thresholdPercent: 30, makeupMinStudents: 3,
    blocked: [{
      start: '2026-11-25T04:30:00.000Z', end: '2026-11-25T05:20:00.000Z',
      reasons: [{ code: 'students-busy', count: 1, of: 60, label: 'other' }, { code: 'no-room', capacity: 60, kind: 'lab' }],
    }],
  },
  'reschedule-off': { ...physics, sessionId: 9, why: 'expired' },
  'attendance-warning': low,
  'attendance-warning-of': { ...low, level: 'out-of-reach', needed: null, best: 61.5, student: 'Asha Rao (S230009)' },
  'attendance-warning-guardian': { ...low, level: 'out-of-reach', needed: null, remaining: 0, best: 70, student: 'Asha Rao (S230009)' },
  'leave-asked': { ...leave, student: 'Asha Rao (S230009, PHY-2A)', reason: 'Operation & rest' },
  'leave-decided': { ...leave, granted: true, answer: 'Get well soon.' },
  'leave-granted': { ...leave, student: 'Asha Rao (S230009, PHY-2A)' },
  'leave-withdrawn': { ...leave, wholeDays: false, student: 'Asha Rao (S230009, PHY-2A)' },
  'class-reminder': { ...physics, sessionId: 9 },
  'interview-reminder': interview,
  broadcast: { broadcastId: 3, title: 'Hall <B> is closed', message: 'Please come to hall A & bring a pen.\nUntil Friday.', from: 'Asha Rāo' },
  'mailbox-failing': { failureCode: 'wrong-password', retryAt: '2026-11-24T04:00:00.000Z' },
};

export const reader = { locale: 'en-IN', timeZone: 'Asia/Kolkata', campusTimeZone: 'Asia/Kolkata' };

/** `samples` as deliveries carry them. */
export function sampleOf(kind: NoticeKind): { kind: NoticeKind; params: Record<string, unknown> } {
  return { kind, params: { ...samples[kind] } };
}
