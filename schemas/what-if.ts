// What moving a class would do (I22).
import { z } from 'zod';
import { component } from './components.ts';
import { sessionAnswer } from './days.ts';
import { id, idInPath, instant, instantInQuery } from './values.ts';

export const whatIfParams = z.object({ sessionId: idInPath });

export const whatIfQuery = z.strictObject({
  start: instantInQuery.describe('When the class would begin, on full five minutes; a + in the offset is written %2B.'),
  room: idInPath.optional().describe('The room that it would be in; left out: any.'),
});

const room = z.object({ id, name: z.string(), building: z.string(), capacity: z.int() });
const count = z.int().min(0);

export const whatIfAnswer = component('WhatIf', 'What moving a class would do. Nothing is changed.', z.object({
  session: sessionAnswer,
  starts_at: instant,
  ends_at: instant,
  room: room.nullable().describe('The room that was asked for.'),
  obstacles: z.array(z.looseObject({ code: z.string() })).describe('What stands against it: codes with values. None: it would be offered as it is.'),
  students: z.object({
    of: count.describe('How many the class has.'),
    busy: count.describe('How many have something else then.'),
    over_load: count.describe('How many would be over the daily load.'),
    highest_minutes: count.describe('The longest day that one of them would have.'),
  }),
  faculty: z.object({ busy: z.boolean(), over_load: z.boolean(), minutes: count.describe('How long the day would be.') }),
  rooms: z.array(room).describe('The best free rooms that would do, three at the most.'),
  interviews: count.describe("How many of the students' interviews lie in that time."),
  calendars: count.describe("How many people's calendars would change."),
}));
