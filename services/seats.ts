// Seats in other sections for the students whom interviews keep from a class: the first remedy (I16).
import { DateTime } from 'luxon';
import { parallelSessions, rosterOf, type Session } from '../db/repositories/sessions.ts';
import { minutesToSlots, slotsOf, toSlot } from '../domain/calendar/slots.ts';
import { assignSeats } from '../domain/rescheduling/seats.ts';
import type { ServiceContext } from './context.ts';
import { busyStudents } from './new-time.ts';

/** Where which students could go that week: as many as possible, each to a class with a free seat at a time at which he or she is free. */
export async function findSeats(context: ServiceContext, session: Session, students: number[]): Promise<{ studentId: number; to: Session }[]> {
  if (students.length === 0) return [];
  const { knex } = context.db;
  const week = DateTime.fromJSDate(session.startsAt, { zone: session.timeZone }).startOf('week');
  const end = week.plus({ weeks: 1 });
  const from = DateTime.max(week, context.now().plus({ minutes: context.rules.cutoffMinutes }));
  const parallel = from >= end ? [] : await parallelSessions(knex, session, from.toJSDate(), end.toJSDate());
  if (parallel.length === 0) return [];
  const classes = await Promise.all(parallel.map(async (one) => {
    const enrolled = (await rosterOf(knex, one.id)).filter(({ insteadOfId }) => insteadOfId === null).length;
    return { id: one.id, free: one.roomCapacity - enrolled - one.guests, ...slotsOf(one) };
  }));
  if (classes.every(({ free }) => free <= 0)) return [];
  const days = Array.from({ length: 7 }, (_, index) =>
    ({ startSlot: toSlot(week.plus({ days: index })), endSlot: toSlot(week.plus({ days: index + 1 })) }));
  const seats = assignSeats({
    classes, days, busy: await busyStudents(context, students, { from: days[0]!.startSlot, to: days[6]!.endSlot, except: session.id }),
    maxSlots: minutesToSlots(context.rules.studentDailyHours * 60),
  });
  const byId = new Map(parallel.map((one) => [one.id, one]));
  return [...seats].map(([studentId, id]) => ({ studentId: studentId as number, to: byId.get(id)! })).sort((a, b) => a.studentId - b.studentId);
}
