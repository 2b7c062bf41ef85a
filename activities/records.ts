// What processes do to the records: thin, each one service call.
import { takeAttendanceStep, takingProgress } from '../services/completing.ts';
import { followCompletion } from '../services/after-completion.ts';
import { applyDecision, undoRound } from '../services/applying.ts';
import type { ServiceContext } from '../services/context.ts';
import { wakeDueChannels } from '../services/deliveries.ts';
import { takeStep } from '../services/escalating.ts';
import { followInterview } from '../services/excuses.ts';
import { keepHouse } from '../services/housekeeping.ts';
import { daysToMake, makeSessionsOf, wakeSessionMakers } from '../services/making-sessions.ts';
import type { NextStep } from '../services/offering.ts';
import { tellOfPublication } from '../services/timetables/announcing.ts';
import { enforceTimetable, writeNextClasses } from '../services/timetables/publishing.ts';
import { endGeneration } from '../services/timetables/searching.ts';
import { closeRound, openRoundOf, planRound } from '../services/rescheduling.ts';

export type RecordActivities = ReturnType<typeof createRecordActivities>;

export function createRecordActivities(context: ServiceContext, settings: { mailRetentionDays: number; sessionsWeeksAhead: number }) {
  return {
    followInterview: (interviewId: number) => followInterview(context, interviewId),
    openRoundOf: (sessionId: number) => openRoundOf(context, sessionId),
    planRound: (roundId: number) => planRound(context, roundId),
    applyDecision: (decisionId: number) => applyDecision(context, decisionId),
    closeRound: (roundId: number, why: 'expired' | 'withdrawn') => closeRound(context, roundId, why),
    takeStep: (roundId: number, step: NextStep['step']) => takeStep(context, roundId, step),
    undoRound: (roundId: number) => undoRound(context, roundId),
    takingProgress: (sessionId: number) => takingProgress(context, sessionId),
    takeAttendanceStep: (sessionId: number) => takeAttendanceStep(context, sessionId),
    followCompletion: (sessionId: number) => followCompletion(context, sessionId),
    wakeDueChannels: () => wakeDueChannels(context),
    wakeSessionMakers: () => wakeSessionMakers(context),
    daysToMake: () => Promise.resolve(daysToMake(context, settings.sessionsWeeksAhead)),
    makeSessionsOf: (organisationId: number, date: string) => makeSessionsOf(context, organisationId, date),
    endGeneration: (jobId: string, status: 'completed' | 'failed' | 'cancelled') => endGeneration(context, jobId, status),
    writeNextClasses: (timetableId: number, after: number) => writeNextClasses(context, timetableId, after),
    enforceTimetable: (timetableId: number) => enforceTimetable(context, timetableId),
    tellOfPublication: (timetableId: number, publishedAt: string, after: number) => tellOfPublication(context, timetableId, publishedAt, after),
    keepHouse: () => keepHouse(context, settings.mailRetentionDays),
  };
}
