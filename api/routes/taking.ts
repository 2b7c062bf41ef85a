// Taking attendance in a session (A10 to A15): for who teaches it, the head of its department and admins.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import qrCode from 'qrcode';
import {
  completeBody, completedAnswer, extendBody, flagAnswer, flagParams, judgeBody, markBulkAnswer, markBulkBody, openBody, rollAnswer, sessionParams, takingAnswer,
} from '../../schemas/attendance.ts';
import { idempotentHeaders } from '../../schemas/doors.ts';
import { completeAttendance } from '../../services/completing.ts';
import type { ServiceContext } from '../../services/context.ts';
import { markByHand } from '../../services/marks-by-hand.ts';
import { rollOf } from '../../services/roll.ts';
import { askSecondCheck } from '../../services/second-checks.ts';
import { judgeFlag } from '../../services/suspicion.ts';
import { extendAttendance, openAttendance, rotateCodes, type TakingState, takingState } from '../../services/taking.ts';
import { personOf } from '../authentication.ts';
import { idempotency } from '../idempotency.ts';
import { done, errors, json, readErrors, signedIn, writeErrors } from '../open-api.ts';
import { snakeCased } from '../snake-case.ts';

export function takingRoutes(context: ServiceContext): FastifyPluginAsyncZod {
  const taking = { permission: 'attendance.take' } as const;
  return async (app) => {
    app.post('/api/faculty/generate-otp', {
      ...idempotency(context), config: taking,
      schema: {
        operationId: 'openAttendance', summary: 'Open a session: its students mark themselves with the code from now on', tags: ['attendance'], ...signedIn,
        description: 'A session that is open already stays as it is; one whose codes no longer count gets new ones.',
        headers: idempotentHeaders, body: openBody, response: { 200: json(takingAnswer), ...errors(403, 404, ...writeErrors) },
      },
    }, async (request) => {
      const { session_id: sessionId, schedule_id: scheduleId, mode, minutes, late_after_minutes: lateAfterMinutes, step_seconds: stepSeconds, topic_discussed: topic } = request.body;
      const opening = { mode, minutes, lateAfterMinutes, stepSeconds, topic };
      return shown(await openAttendance(context, personOf(request), (sessionId ?? scheduleId)!, opening));
    });

    app.get('/api/attendance/session/:session_id/code', {
      config: taking,
      schema: {
        operationId: 'attendanceCode', summary: 'The code of this moment, as a QR code too, and how many are there', tags: ['attendance'], ...signedIn, params: sessionParams,
        response: { 200: json(takingAnswer), ...errors(400, 403, 404, 409, ...readErrors) },
      },
    }, async (request) => shown(await takingState(context, personOf(request), request.params.session_id)));

    app.post('/api/attendance/session/:session_id/extend', {
      ...idempotency(context), config: taking,
      schema: {
        operationId: 'extendAttendance', summary: 'Let codes count for longer', tags: ['attendance'], ...signedIn, params: sessionParams, headers: idempotentHeaders, body: extendBody,
        response: { 200: json(takingAnswer), ...errors(403, 404, ...writeErrors) },
      },
    }, async (request) => shown(await extendAttendance(context, personOf(request), request.params.session_id, request.body.minutes)));

    app.post('/api/attendance/session/:session_id/rotate', {
      ...idempotency(context), config: taking,
      schema: {
        operationId: 'rotateCodes', summary: 'Make the codes that were shown worthless and begin with new ones', tags: ['attendance'], ...signedIn, params: sessionParams,
        headers: idempotentHeaders, response: { 200: json(takingAnswer), ...errors(403, 404, ...writeErrors) },
      },
    }, async (request) => shown(await rotateCodes(context, personOf(request), request.params.session_id)));

    app.post('/api/attendance/session/:session_id/second-check', {
      ...idempotency(context), config: taking,
      schema: {
        operationId: 'secondCheck', summary: 'Ask who is there once more, at a random moment before the class ends', tags: ['attendance'], ...signedIn, params: sessionParams,
        description: 'Who marked themselves are asked to enter the code that is shown then; who does not is flagged. Asked for again, it stays as it is.',
        headers: idempotentHeaders, response: { 204: done, ...errors(403, 404, ...writeErrors) },
      },
    }, async (request, reply) => {
      await askSecondCheck(context, personOf(request), request.params.session_id);
      return reply.code(204).send();
    });

    app.post('/api/faculty/complete-session', {
      ...idempotency(context), config: taking,
      schema: {
        operationId: 'completeSession', summary: 'Complete a session: who is not marked is absent', tags: ['attendance'], ...signedIn, headers: idempotentHeaders, body: completeBody,
        description: 'Asked again, nothing changes. A session that nobody completes completes itself.',
        response: { 200: json(completedAnswer), ...errors(403, 404, ...writeErrors) },
      },
    }, async (request) => {
      const { session_id: named, schedule_id: scheduleId, topic_discussed: topic } = request.body;
      const sessionId = (named ?? scheduleId)!;
      const summary = await completeAttendance(context, personOf(request), sessionId, topic);
      return { success: true as const, session_id: sessionId, status: 'completed' as const, summary };
    });

    app.post('/api/attendance/mark-bulk', {
      ...idempotency(context), config: taking,
      schema: {
        operationId: 'markBulk', summary: 'Mark students by hand, all or none', tags: ['attendance'], ...signedIn, headers: idempotentHeaders, body: markBulkBody,
        description: 'Until the cut-off after the class, also where no code was ever shown; after it students appeal.',
        response: { 200: json(markBulkAnswer), ...errors(403, 404, ...writeErrors) },
      },
    }, async (request) => {
      const { session_id: sessionId, marks, reason, topic_discussed: topic } = request.body;
      const marked = await markByHand(context, personOf(request), sessionId, {
        marks: marks.map(({ student_id: student, status }) => ({ student, status })), reason, topic,
      });
      return { success: true as const, session_id: sessionId, ...marked };
    });

    app.get('/api/attendance/session/:session_id', {
      config: { permission: 'rosters.see' },
      schema: {
        operationId: 'roll', summary: 'Who is expected in a session, with their marks', tags: ['attendance'], ...signedIn, params: sessionParams,
        response: { 200: json(rollAnswer), ...errors(400, 403, 404, ...readErrors) },
      },
    }, async (request) => {
      const { session, status, students } = await rollOf(context, personOf(request), request.params.session_id);
      return {
        success: true as const, session_id: session.id, subject_code: session.subjectCode, subject_name: session.subjectName, section: session.sectionName,
        starts_at: session.startsAt.toISOString(), ends_at: session.endsAt.toISOString(), status, students: snakeCased(students),
      };
    });

    app.post('/api/attendance/flags/:id/verdict', {
      ...idempotency(context), config: taking,
      schema: {
        operationId: 'judgeFlag', summary: 'Say what a flag is worth; it changes no mark', tags: ['attendance'], ...signedIn, params: flagParams, headers: idempotentHeaders,
        body: judgeBody, response: { 200: json(flagAnswer), ...errors(403, 404, ...writeErrors) },
      },
    }, async (request) => judgeFlag(context, personOf(request), request.params.id, request.body.verdict));
  };

  async function shown({ session, there, expected, code, ...state }: TakingState) {
    const url = code === null ? null : `${context.publicUrl}/check-in?session=${session.id}&code=${code}`;
    return {
      success: true as const, session_id: session.id, schedule_id: session.id, subject_code: session.subjectCode, subject_name: session.subjectName,
      section: session.sectionName, room: session.roomName, ...snakeCased(state), otp: code, total_students: expected, students_there: there,
      check_in_url: url, qr_svg: url === null ? null : await qrCode.toString(url, { type: 'svg', margin: 1 }),
    };
  }
}
