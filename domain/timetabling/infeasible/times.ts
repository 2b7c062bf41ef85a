// Infeasible because of people's time: more periods than they have, or classes that compete for the same few.

import { periodsPerWeek } from '../loads.ts';
import { firstShortage } from '../matching.ts';
import { weeksOf, type TaughtClass, type University } from '../university.ts';
import type { Infeasibility } from './reasons.ts';
import type { Person, Survey, SurveyedMeeting } from './survey.ts';

/**
 * Faculty over their weekly limit, and people with more to do than time. Of people who share the cause only the first is told: faculty, then
 * sections, then classes, then other students. Meetings in `excluded` have a reason already.
 */
export function timeReasons(survey: Survey, excluded: ReadonlySet<SurveyedMeeting>): Infeasibility[] {
  const { university, people, byClass } = survey;
  const classes = new Map(university.classes.map((taught) => [taught.id, taught]));
  const explained = new Set<string>();
  const reasons: Infeasibility[] = [];
  const check = (person: Person) => {
    if (person.classes.some((id) => explained.has(id))) return;
    const reason = reasonOf(survey, person, person.classes.flatMap((id) => classes.get(id) ?? []), excluded);
    if (reason === null) return;
    for (const id of 'of' in reason ? reason.of : person.classes) explained.add(id);
    reasons.push(reason);
  };
  reasons.push(...overloads(university, classes, people));
  const [students, others] = [people.filter(({ who }) => who.who === 'students'), people.filter(({ who }) => who.who !== 'students')];
  for (const person of others) check(person);
  for (const id of byClass.keys()) check({ who: { who: 'class', id }, classes: [id], away: survey.away.get(id) ?? new Set() });
  for (const person of students) check(person);
  return reasons;
}

function overloads(university: University, classes: ReadonlyMap<string, TaughtClass>, people: readonly Person[]): Infeasibility[] {
  const limits = new Map(university.faculty.map(({ id, maxPerWeek }) => [id, maxPerWeek]));
  return people.flatMap(({ who, classes: ids }): Infeasibility[] => {
    if (who.who !== 'faculty') return [];
    const needed = Math.max(...periodsPerWeek(university, ids.flatMap((id) => classes.get(id) ?? [])));
    const maxPerWeek = limits.get(who.id) ?? 0;
    return needed > maxPerWeek ? [{ reason: 'facultyOverload', faculty: who.id, needed, maxPerWeek }] : [];
  });
}

function reasonOf(survey: Survey, { who, classes: ids, away }: Person, classes: readonly TaughtClass[], excluded: ReadonlySet<SurveyedMeeting>): Infeasibility | null {
  const { university, byClass } = survey;
  const slots = university.days * university.periods;
  const needed = periodsPerWeek(university, classes);
  for (let week = 0; week < university.weeks; week += 1) {
    const available = slots - [...away].filter((number) => Math.floor(number / slots) === week).length;
    if ((needed[week] ?? 0) > available) return { reason: 'tooManyPeriods', needed: needed[week] ?? 0, available, ...who };
  }
  for (let week = 0; week < university.weeks; week += 1) {
    const units = ids.flatMap((id) => byClass.get(id) ?? [])
      .filter((meeting) => !excluded.has(meeting) && weeksOf(meeting.part.week, university.weeks).includes(week))
      .flatMap((meeting) => Array.from({ length: meeting.part.length }, (_, offset) => ({ meeting, offset })));
    const shortage = firstShortage(units.length, slots, (left) => {
      const unit = units[left];
      return unit === undefined ? [] : unit.meeting.starts.map((start) => start + unit.offset);
    });
    if (shortage !== null) {
      const of = [...new Set(shortage.left.flatMap((left) => units[left]?.meeting.taught.id ?? []))];
      return { reason: 'timesShort', of, needed: shortage.left.length, available: shortage.right.length, ...who };
    }
  }
  return null;
}
