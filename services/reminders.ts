// Reminders of classes and interviews, for whoever wants them (A24).
import { DateTime } from 'luxon';
import { findInterview } from '../db/repositories/interviews.ts';
import { type DueReminder, dueOfClasses, dueOfInterviews, longestReminder } from '../db/repositories/reminders.ts';
import { findSession } from '../db/repositories/sessions.ts';
import { classAt } from './class-at.ts';
import type { ServiceContext } from './context.ts';
import { interviewParams } from './interviews.ts';
import { tellEach } from './telling.ts';

/** Reminds those whose time has come. Asked each minute; asked again, nobody is reminded twice. */
export async function remindDue(context: ServiceContext): Promise<void> {
  const { knex } = context.db;
  const now = context.now().toJSDate();
  const longest = await longestReminder(knex);
  if (longest === null) return;
  const [classes, interviews] = await Promise.all([dueOfClasses(knex, now, longest), dueOfInterviews(knex, now, longest)]);
  for (const { id: sessionId, startsAt, userIds } of bySubject(classes)) {
    const session = (await findSession(knex, sessionId))!;
    // Moved since it was found: it is found again when its new time comes.
    if (session.startsAt.getTime() !== startsAt.getTime()) continue;
    await context.db.transaction((trx) => tellEach(trx, [{
      userIds, kind: 'class-reminder', params: { ...classAt(session), sessionId }, eventKey: reminderKey('session', sessionId, startsAt), urgency: 'reminder',
    }], now));
  }
  for (const { id: interviewId, startsAt, userIds } of bySubject(interviews)) {
    const interview = await findInterview(knex, interviewId);
    if (interview?.startsAt?.getTime() !== startsAt.getTime()) continue;
    const eventKey = reminderKey('interview', interviewId, startsAt);
    await context.db.transaction((trx) => tellEach(trx, [{
      userIds, kind: 'interview-reminder', params: interviewParams(interview), eventKey, urgency: 'reminder',
    }], now));
  }
}

const bySubject = (due: DueReminder[]) => [...Map.groupBy(due, ({ id }) => id)].map(([id, of]) =>
  ({ id, startsAt: of[0]!.startsAt, userIds: of.map(({ userId }) => userId) }));

const reminderKey = (what: 'session' | 'interview', id: number, startsAt: Date) =>
  `reminder/${what}/${id}/${DateTime.fromJSDate(startsAt, { zone: 'utc' }).toFormat('yyyyLLddHHmm')}`;
