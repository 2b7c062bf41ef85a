// Infeasible because of people's time: more periods than they have, or classes that compete for the same few.

import { periodsPerWeek } from '../loads.ts';
import { bitsOf, firstShortage, wordsOf } from '../matching.ts';
import { weeksOf, type TaughtClass, type University } from '../university.ts';
import type { Infeasibility } from './reasons.ts';
import { unitsOf, type Person, type Survey, type SurveyedMeeting } from './survey.ts';

/**
 * Faculty over their weekly limit, and people with more to do than time. Of those who share a cause only one is told: who has more periods
 * than there are, then a class of which the people are hardly there together, then whose classes compete, faculty and sections before
 * other students. Meetings in `excluded` have a reason already.
 */
export function timeReasons(survey: Survey, excluded: ReadonlySet<SurveyedMeeting>): Infeasibility[] {
  const { university, people, byClass, away } = survey;
  const classes = new Map(university.classes.map((taught) => [taught.id, taught]));
  const explained = new Set<string>();
  const reasons: Infeasibility[] = overloads(university, classes, people);
  const tell = (each: readonly Person[], reasonOf: (person: Person) => Infeasibility | null) => {
    for (const person of each) {
      if (person.classes.some((id) => explained.has(id))) continue;
      const reason = reasonOf(person);
      if (reason === null) continue;
      for (const id of 'of' in reason ? reason.of : person.classes) explained.add(id);
      reasons.push(reason);
    }
  };
  const tooMany = (person: Person) => tooManyPeriods(university, person, person.classes.flatMap((id) => classes.get(id) ?? []));
  const tooFew = (person: Person) => timesShort(survey, person, excluded);
  const students = people.filter(({ who }) => who.who === 'students');
  const others = people.filter(({ who }) => who.who !== 'students');
  const single = [...byClass.keys()].map((id): Person => ({ who: { who: 'class', id }, classes: [id], away: away.get(id) ?? new Set() }));
  tell(others, tooMany);
  tell(single, (person) => tooMany(person) ?? tooFew(person));
  tell(others, tooFew);
  tell(students, (person) => tooMany(person) ?? tooFew(person));
  return reasons;
}

function overloads(university: University, classes: ReadonlyMap<string, TaughtClass>, people: readonly Person[]): Infeasibility[] {
  const limits = new Map(university.faculty.map(({ id, maxPerWeek }) => [id, maxPerWeek]));
  return people.flatMap(({ who, classes: ids }): Infeasibility[] => {
    if (who.who !== 'faculty') return [];
    const needed = Math.max(...periodsPerWeek(university, ids.flatMap((id) => classes.get(id) ?? [])));
    const maxPerWeek = limits.get(who.id) ?? 0;
    return needed > maxPerWeek ? [{ code: 'faculty-overload', faculty: who.id, needed, maxPerWeek }] : [];
  });
}

function tooManyPeriods(university: University, { who, away }: Person, classes: readonly TaughtClass[]): Infeasibility | null {
  const slots = university.days * university.periods;
  for (const [week, needed] of periodsPerWeek(university, classes).entries()) {
    const available = slots - [...away].filter((number) => Math.floor(number / slots) === week).length;
    if (needed > available) return { code: 'too-many-periods', needed, available, ...who };
  }
  return null;
}

function timesShort({ university, byClass }: Survey, { who, classes }: Person, excluded: ReadonlySet<SurveyedMeeting>): Infeasibility | null {
  const columns = university.days * university.periods;
  const open = new Int32Array(wordsOf(columns)).fill(-1);
  for (let week = 0; week < university.weeks; week += 1) {
    const units = unitsOf(classes.flatMap((id) => byClass.get(id) ?? []).filter((meeting) => !excluded.has(meeting) && weeksOf(meeting.part.week, university.weeks).includes(week)));
    const shortage = firstShortage({ rows: 1, columns, open }, units.map(({ meeting, offset }) => ({ rows: [0], columns: bitsOf(columns, meeting.starts.map((start) => start + offset)) })));
    if (shortage === null) continue;
    const of = [...new Set(shortage.units.flatMap((unit) => units[unit]?.meeting.taught.id ?? []))].sort();
    return { code: 'times-short', of, needed: shortage.units.length, available: shortage.places, ...who };
  }
  return null;
}
