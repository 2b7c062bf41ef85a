// One company's campus recruitment in the simulated month: when, in which form, whom it calls, and the mails that say so.
import { DateTime } from 'luxon';
import type { Random } from '../../db/seeds/random.ts';
import { type Call, invitation, type Letter, personal, shortlist, type When } from './mails.ts';
import type { Scene } from './scene.ts';

/**
 * shortlist: one time for all on a list; slots: a list with everybody's own time; calendar: personal invitations with a calendar
 * part, own times; office: personal mails, at the company's; day: a list and a date without a time; window: a list, to come at any
 * time of the day; lone: a personal mail to one student that nobody vouches for.
 */
export const FORMS = [
  'shortlist', 'calendar', 'slots', 'office', 'shortlist', 'day', 'shortlist', 'lone', 'calendar', 'shortlist', 'window', 'slots', 'shortlist', 'office', 'lone', 'shortlist',
] as const;
export type Form = (typeof FORMS)[number];

const FIRST_WORDS = [
  'Nightjar', 'Konkan', 'Saffron', 'Tern', 'Banyan', 'Monsoon', 'Cobalt', 'Heron', 'Juniper', 'Quartz', 'Sable', 'Willow', 'Deccan', 'Marigold', 'Basalt', 'Kestrel',
];
const SECOND_WORDS = ['Systems', 'Analytics', 'Robotics', 'Networks', 'Freight', 'Energy', 'Semiconductors'];
export const COMPANY_NAMES = SECOND_WORDS.flatMap((second) => FIRST_WORDS.map((first) => `${first} ${second}`));

export interface DrivePlan extends Call {
  id: number;
  form: Form;
  /** Of all; where everybody has an own time, the first one's. */
  when: When;
  announcedAt: DateTime;
  /** Who is called, with their own times where they have one. */
  called: { id: number; userId: number; rollNumber: string; when: When }[];
  sectionIds: number[];
  /** The rows of its list. */
  rows: string[];
  calls: { studentId: number; letter: Letter }[];
}

interface Asked {
  index: number;
  company: string;
  form: Form;
  before: DrivePlan | undefined;
}

/** How many students a form calls, of how many sections at the most. */
const SIZES: Record<Form, { least: number; most: number; sections: number }> = {
  shortlist: { least: 30, most: 240, sections: 10 }, slots: { least: 12, most: 40, sections: 5 }, calendar: { least: 5, most: 16, sections: 4 },
  office: { least: 4, most: 12, sections: 3 }, day: { least: 15, most: 60, sections: 5 }, window: { least: 6, most: 20, sections: 3 }, lone: { least: 1, most: 1, sections: 1 },
};
const SLOT_MINUTES = 30;
/** Of a list's recipients, one in so many is on it: the others had applied. */
const APPLICANTS_PER_CALLED = 3;

/** Plans a drive. One in four comes on the day of the one before, and to the same sections. */
export function planDrive(scene: Scene, random: Random, { index, company, form, before }: Asked): DrivePlan {
  const collides = before !== undefined && random.below(4) === 0;
  const day = collides ? before.when.start.startOf('day') : random.pick(scene.days);
  const hour = form === 'day' || form === 'window' ? 9 : 9 + random.below(form === 'slots' || form === 'calendar' ? 4 : 7);
  const start = day.set({ hour, minute: random.pick([0, 0, 30]) });
  const isOnline = form === 'calendar' || form === 'lone' || (form === 'shortlist' && random.below(3) === 0);
  const call: Call = {
    company, isOnline, event: form === 'office' ? 'HR interview' : isOnline && form === 'shortlist' ? 'online test' : 'technical interview',
    place: placeOf(random, form, isOnline, company),
  };
  const students = pickStudents(scene, random, form, collides ? before.sectionIds : undefined);
  const when: When = form === 'day' ? { start, isDay: true } : form === 'window' ? { start, end: start.set({ hour: 17 }) } : { start };
  const called = students.chosen.map((student, place) => ({ ...student, when: ownTime(form, when, place) }));
  const own = form === 'slots';
  const rows = called.map((student) => (own ? `${student.rollNumber} - ${student.when.start.toFormat('h:mm a')}` : student.rollNumber));
  const plan: DrivePlan = {
    ...call, id: index + 1, form, when: own ? { start, isDay: true } : when, announcedAt: announcedAt(scene, random, start), called, sectionIds: students.sectionIds, rows, calls: [],
  };
  plan.calls = firstMails(plan, students.others.slice(0, called.length * (APPLICANTS_PER_CALLED - 1)));
  return plan;
}

function placeOf(random: Random, form: Form, isOnline: boolean, company: string): string {
  if (isOnline) return `https://meet.google.com/${['abc', 'kpt', 'rvw'][random.below(3)]}-${1000 + random.below(9000)}`;
  return form === 'office' ? `${company} office, ${1 + random.below(90)} Residency Road` : `Seminar Hall ${1 + random.below(4)}, Placement Block`;
}

/** Mostly students of the last year; every fifth drive is for internships in the third. */
function pickStudents({ sections }: Scene, random: Random, form: Form, sameAs: number[] | undefined) {
  const { least, most, sections: mostSections } = SIZES[form];
  const year = random.below(5) === 0 && sections.some((section) => section.year === 3) ? 3 : 4;
  const some = () => random.shuffled(sections.filter((section) => section.year === year)).slice(0, 1 + random.below(mostSections));
  const wanted = sameAs ? sections.filter(({ id }) => sameAs.includes(id)) : some();
  const all = random.shuffled(wanted.flatMap(({ students }) => students));
  const count = Math.min(all.length, least + random.below(most - least + 1));
  const chosen = all.slice(0, count).sort((a, b) => a.id - b.id);
  return { chosen, others: all.slice(count), sectionIds: wanted.map(({ id }) => id) };
}

function ownTime(form: Form, when: When, place: number): When {
  if (form !== 'slots' && form !== 'calendar') return when;
  // Two at a time, and nobody later than in the evening.
  const start = when.start.plus({ minutes: SLOT_MINUTES * (Math.floor(place / 2) % 10) });
  return form === 'slots' ? { start } : { start, end: start.plus({ minutes: 45 }) };
}

/** Some days before, in working hours; one in six in the morning of the very day. */
function announcedAt({ firstDay }: Scene, random: Random, start: DateTime): DateTime {
  const opening = firstDay.plus({ hours: 8 });
  const sameDay = random.below(6) === 0 && start.hour >= 11;
  if (sameDay) return DateTime.max(opening, start.set({ hour: 8, minute: random.below(30) }));
  return DateTime.max(opening, start.minus({ days: 1 + random.below(6) }).set({ hour: 9 + random.below(10), minute: random.below(60) }));
}

function firstMails(drive: DrivePlan, applicants: { id: number }[]): DrivePlan['calls'] {
  const { id, form } = drive;
  if (isListed(drive)) {
    const letter: Letter = { ...shortlist(drive, drive.when, drive.rows), messageId: `<drive-${id}@campus.example>`, verified: true };
    return [...drive.called, ...applicants].map((student) => ({ studentId: student.id, letter }));
  }
  return drive.called.map((student): DrivePlan['calls'][number] => {
    const { start, end } = student.when;
    const part = form === 'calendar' ? invitation(drive, { start, end: end! }, { uid: uidOf(drive, student.id), sequence: 0, method: 'REQUEST' }) : personal(drive, student.when);
    return { studentId: student.id, letter: { ...part, messageId: messageIdOf(drive, student.id), verified: form !== 'lone' } };
  });
}

/** Whether one mail of the placement cell lists who is called. */
export const isListed = ({ form }: Pick<DrivePlan, 'form'>): boolean => form !== 'calendar' && form !== 'office' && form !== 'lone';

/** Of a personal mail, and of its calendar event. */
export const messageIdOf = ({ id }: Pick<DrivePlan, 'id'>, studentId: number): string => `<drive-${id}-${studentId}@talent.example>`;
export const uidOf = ({ id }: Pick<DrivePlan, 'id'>, studentId: number): string => `drive-${id}-${studentId}@talent.example`;
