// What happens in a simulated placement month, out of a seed alone: which companies come when and to whom, what they mail and
// when, what they change, and what faculty members do of their own accord. How people answer is in people.ts.
import { DateTime } from 'luxon';
import type { DemoCampus } from '../../db/seeds/demo-rows.ts';
import { type Random, seededRandom } from '../../db/seeds/random.ts';
import { changesOf } from './changes.ts';
import { COMPANY_NAMES, FORMS, planDrive, type DrivePlan } from './drives.ts';
import { newsletter, reminder } from './mails.ts';
import { DRIVE_WEEKS, type Happening, type Scene, sceneOf } from './scene.ts';

export interface Scenario {
  drives: DrivePlan[];
  /** In their order. */
  happenings: Happening[];
}

const NEWSLETTERS_A_WEEK = 20;

/**
 * The month of a campus that begins on its first Monday. The same campus, number of drives and seed give the same month.
 * @throws RangeError for more drives than there are companies' names
 */
export function planMonth(campus: DemoCampus, { drives: count, seed }: { drives: number; seed: number }): Scenario {
  if (!Number.isInteger(count) || count < 1 || count > COMPANY_NAMES.length) throw new RangeError(`1 to ${COMPANY_NAMES.length} drives, not ${count}`);
  const random = seededRandom(seed * 31 + 17);
  const scene = sceneOf(campus);
  const names = random.shuffled(COMPANY_NAMES);
  const drives: DrivePlan[] = [];
  for (let index = 0; index < count; index += 1) {
    drives.push(planDrive(scene, random, { index, company: names[index]!, form: FORMS[index % FORMS.length]!, before: drives.at(-1) }));
  }
  const happenings = [
    ...drives.flatMap((drive) => mailingsOf(scene, random, drive)), ...newsletters(scene, random), ...classesOff(scene, random, drives), ...leaves(scene, random, drives),
    ...withdrawals(random, drives),
  ];
  return { drives, happenings: happenings.sort((a, b) => a.at.toMillis() - b.at.toMillis()) };
}

/** A drive's first mails, its reminder to some, and what is changed later. */
function mailingsOf(scene: Scene, random: Random, drive: DrivePlan): Happening[] {
  const first: Happening = { kind: 'mails', at: drive.announcedAt, mails: drive.calls };
  const evening = drive.when.start.minus({ days: 1 }).set({ hour: 18, minute: random.below(40) });
  const reminded = drive.form === 'shortlist' && evening > drive.announcedAt && random.below(100) < 40;
  const again: Happening[] = !reminded ? [] : [{
    kind: 'mails', at: evening,
    mails: drive.calls.map(({ studentId }) => ({ studentId, letter: { ...reminder(drive, drive.when, drive.rows), messageId: `<reminder-${drive.id}@campus.example>`, verified: true } })),
  }];
  return [first, ...again, ...changesOf(scene, random, drive)];
}

function newsletters({ firstDay, sections }: Scene, random: Random): Happening[] {
  const students = sections.flatMap((section) => section.students);
  return Array.from({ length: DRIVE_WEEKS }, (_, week): Happening => ({
    kind: 'mails', at: firstDay.plus({ weeks: week, days: 1, hours: 11, minutes: 30 }),
    mails: random.shuffled(students).slice(0, NEWSLETTERS_A_WEEK)
      .map(({ id }) => ({ studentId: id, letter: { ...newsletter(), messageId: `<news-${week}@careercompass.example>`, verified: true } })),
  }));
}

/** Now and then a faculty member calls a class off that a drive hits, the evening before. */
function classesOff({ classes }: Scene, random: Random, drives: DrivePlan[]): Happening[] {
  return drives.filter((_, index) => index % 5 === 2).flatMap(({ when: { start }, sectionIds }) => {
    const hit = classes.filter(({ startsAt, sectionId }) => sectionIds.includes(sectionId) && startsAt.hasSame(start, 'day'));
    if (hit.length === 0) return [];
    const { id, facultyUserId, startsAt } = random.pick(hit);
    return [{ kind: 'class-off', at: startsAt.minus({ days: 1 }).set({ hour: 19, minute: random.below(60) }), sessionId: id, userId: facultyUserId }];
  });
}

/** Faculty members of classes that drives hit are away for some days around them. */
function leaves({ firstDay, classes }: Scene, random: Random, drives: DrivePlan[]): Happening[] {
  return drives.filter((_, index) => index % 4 === 1).flatMap(({ announcedAt, sectionIds }) => {
    const theirs = classes.filter(({ sectionId }) => sectionIds.includes(sectionId));
    const { facultyUserId } = random.pick(theirs);
    const from = announcedAt.startOf('day').plus({ days: random.below(2) });
    const noticed = DateTime.max(firstDay.plus({ hours: 8 }), from.minus({ days: 1 }).set({ hour: 17 }));
    return [{ kind: 'leave', at: noticed, userId: facultyUserId, from: from.toISODate()!, to: from.plus({ days: 1 + random.below(2) }).toISODate()! }];
  });
}

/** A few of those who are called withdraw their consent the day after. */
function withdrawals(random: Random, drives: DrivePlan[]): Happening[] {
  return drives.filter((_, index) => index % 6 === 4).map(({ announcedAt, called }) => (
    { kind: 'consent-withdrawn', at: announcedAt.plus({ days: 1 }).set({ hour: 12, minute: random.below(60) }), userId: random.pick(called).userId }));
}
