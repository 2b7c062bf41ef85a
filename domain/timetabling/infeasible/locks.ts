// Infeasible because of locks: against each other, against people's times, against rooms.

import { slotsFrom } from '../availability.ts';
import { roomFits } from '../room-fit.ts';
import { isUnbroken, meetingKey, weeksOf, type Lock, type Meeting } from '../university.ts';
import type { Infeasibility, Who } from './reasons.ts';
import { peopleOfClasses, type Person, type Survey, type SurveyedMeeting } from './survey.ts';

/** Every reason that a lock gives, two locked meetings that share something once, for the first of it. */
export function lockReasons(survey: Survey): Infeasibility[] {
  const locked = survey.meetings.filter(({ lock }) => lock !== undefined);
  const peopleOf = peopleOfClasses(survey.people);
  return [...contradictions(survey.university.locks), ...locked.flatMap((each) => reasonsOfOne(survey, each, peopleOf.get(each.taught.id) ?? [])), ...reasonsOfTwo(survey, locked, peopleOf)];
}

function contradictions(locks: readonly Lock[]): Infeasibility[] {
  return [...Map.groupBy(locks, meetingKey).values()].flatMap((same): Infeasibility[] => {
    const slots = new Set(same.flatMap(({ slot }) => (slot === null ? [] : [`${slot.day} ${slot.period}`])));
    const rooms = new Set(same.flatMap(({ room }) => (room === null ? [] : [room])));
    const [first] = same;
    return first !== undefined && (slots.size > 1 || rooms.size > 1) ? [{ code: 'lock-contradiction', meeting: { class: first.class, part: first.part, occurrence: first.occurrence } }] : [];
  });
}

function reasonsOfOne({ university, shut }: Survey, { meeting, taught, part, lock, starts, rooms }: SurveyedMeeting, people: readonly Person[]): Infeasibility[] {
  const reasons: Infeasibility[] = [];
  const room = lock?.room == null ? undefined : university.rooms[rooms[0] ?? -1];
  if (room !== undefined && !roomFits(room, taught, part)) reasons.push({ code: 'lock-room-unfit', meeting, room: room.id });
  if (lock?.slot == null) return reasons;
  const { day, period } = lock.slot;
  if (!isUnbroken(university, period, part.length)) return [...reasons, { code: 'lock-block', meeting, day, period }];
  const numbers = slotsFrom(university, starts[0] ?? 0, part.length, weeksOf(part.week, university.weeks));
  const missing = people.find(({ away }) => numbers.some((number) => away.has(number)));
  if (missing !== undefined) reasons.push({ code: 'lock-unavailable', meeting, day, period, ...missing.who });
  if (room !== undefined && numbers.some((number) => shut[rooms[0] ?? -1]?.has(number) === true)) reasons.push({ code: 'lock-room-closed', meeting, room: room.id, day, period });
  return reasons;
}

function reasonsOfTwo({ university }: Survey, locked: readonly SurveyedMeeting[], peopleOf: ReadonlyMap<string, readonly Person[]>): Infeasibility[] {
  const inSlot = new Map<number, SurveyedMeeting[]>();
  const reasons = new Map<string, Infeasibility>();
  for (const each of locked) {
    if (each.lock?.slot == null) continue;
    const { day, period } = each.lock.slot;
    for (const number of slotsFrom(university, each.starts[0] ?? 0, each.part.length, weeksOf(each.part.week, university.weeks))) {
      const others = inSlot.get(number) ?? [];
      for (const other of others) {
        const meetings: readonly [Meeting, Meeting] = [other.meeting, each.meeting];
        const key = meetings.map(meetingKey).join('\u0001');
        const shared = sharedBy(other, each, peopleOf);
        if (shared !== null) reasons.set(`${key} people`, { code: 'locks-share', meetings, day, period, ...shared });
        if (each.lock.room !== null && each.lock.room === other.lock?.room) reasons.set(`${key} room`, { code: 'locks-share-room', meetings, room: each.lock.room, day, period });
      }
      inSlot.set(number, [...others, each]);
    }
  }
  return [...reasons.values()];
}

function sharedBy(a: SurveyedMeeting, b: SurveyedMeeting, peopleOf: ReadonlyMap<string, readonly Person[]>): Who | null {
  if (a.taught === b.taught) return { who: 'class', id: a.taught.id };
  const ofB = new Set(peopleOf.get(b.taught.id) ?? []);
  return peopleOf.get(a.taught.id)?.find((person) => ofB.has(person))?.who ?? null;
}
