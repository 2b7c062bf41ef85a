// For each route that names a permission: what it is asked about, and a request that all is right with. A new route needs a line here.
import type { InjectOptions } from 'fastify';
import { exampleForm } from '../support/sheets.ts';
import type { Subject, SubjectKind } from './role-subjects.ts';

export interface RoleRequest {
  /** Null: it is about nothing in particular, such as a list of what the asking person reaches. */
  about: SubjectKind | null;
  /** Where the answer to a right request may be another than a success: which codes of refusals it may have. */
  mayRefuse?: readonly string[];
  ask: (subject: Subject) => Omit<InjectOptions, 'method'>;
}

export const roleRequests: Record<string, RoleRequest> = {
  'GET /api/mailboxes/failures': { about: null, ask: () => ({ url: '/api/mailboxes/failures' }) },
  'GET /api/mailboxes/costs': { about: null, ask: () => ({ url: '/api/mailboxes/costs' }) },
  'POST /api/sweeps': { about: null, ask: () => ({ url: '/api/sweeps' }) },
  'GET /api/mail-senders': { about: null, ask: () => ({ url: '/api/mail-senders' }) },
  'PUT /api/mail-senders': { about: null, ask: () => ({ url: '/api/mail-senders', payload: { pattern: 'pelican.example', verdict: 'allow' } }) },
  'DELETE /api/mail-senders/{id}': { about: null, ask: () => ({ url: '/api/mail-senders/1' }) },
  'GET /api/departments/rules': { about: null, ask: () => ({ url: '/api/departments/rules' }) },
  'POST /api/timetable/generate': {
    about: null, mayRefuse: ['term-unknown'], ask: () => ({ url: '/api/timetable/generate', payload: { organization_id: 'DEMO', semester: 12, academic_year: '2026-27' } }),
  },
  'GET /api/timetable/progress/{job_id}': { about: 'job', ask: ({ id }) => ({ url: `/api/timetable/progress/${id}` }) },
  'GET /api/timetable/result/{job_id}': { about: 'job', ask: ({ id }) => ({ url: `/api/timetable/result/${id}` }) },
  'POST /api/timetable/cancel/{job_id}': { about: 'job', ask: ({ id }) => ({ url: `/api/timetable/cancel/${id}` }) },
  'GET /api/timetable/{timetable_id}/entries': { about: 'timetable', ask: ({ id }) => ({ url: `/api/timetable/${id}/entries` }) },
  'POST /api/timetable/{timetable_id}/move-effect': {
    about: 'timetable', mayRefuse: ['bad-request', 'timetable-not-draft'],
    ask: ({ id }) => ({ url: `/api/timetable/${id}/move-effect`, payload: { assignment_id: 1, part: 0, occurrence: 0, weekday: 7, start: '03:00', room_id: 1 } }),
  },
  'POST /api/timetable/{timetable_id}/moves': {
    about: 'timetable', mayRefuse: ['bad-request', 'timetable-not-draft'],
    ask: ({ id }) => ({ url: `/api/timetable/${id}/moves`, payload: { moves: [{ assignment_id: 1, part: 0, occurrence: 0, weekday: 7, start: '03:00', room_id: 1 }] } }),
  },
  'POST /api/timetable/{timetable_id}/publish': { about: 'timetable', ask: ({ id }) => ({ url: `/api/timetable/${id}/publish` }) },
  'POST /api/timetable/{timetable_id}/unpublish': { about: 'timetable', ask: ({ id }) => ({ url: `/api/timetable/${id}/unpublish` }) },
  'GET /api/timetable/department/{dept_id}': { about: 'department', ask: ({ id }) => ({ url: `/api/timetable/department/${id}` }) },
  'GET /api/timetable/faculty/me': { about: null, ask: () => ({ url: '/api/timetable/faculty/me' }) },
  'GET /api/timetable/student/me': { about: null, ask: () => ({ url: '/api/timetable/student/me' }) },
  'PATCH /api/departments/{id}/rules': {
    about: 'department', ask: ({ id }) => ({ url: `/api/departments/${id}/rules`, payload: { horizon_days: 21 } }),
  },
  // Of sessions to come: what is right about the request is told by what it is refused for.
  'POST /api/faculty/generate-otp': {
    about: 'session', mayRefuse: ['session-too-early'], ask: ({ id }) => ({ url: '/api/faculty/generate-otp', payload: { session_id: id } }),
  },
  'GET /api/attendance/session/{session_id}/code': {
    about: 'session', mayRefuse: ['attendance-not-open'], ask: ({ id }) => ({ url: `/api/attendance/session/${id}/code` }),
  },
  'POST /api/attendance/session/{session_id}/extend': {
    about: 'session', mayRefuse: ['attendance-not-open'], ask: ({ id }) => ({ url: `/api/attendance/session/${id}/extend`, payload: { minutes: 5 } }),
  },
  'POST /api/attendance/session/{session_id}/rotate': {
    about: 'session', mayRefuse: ['attendance-not-open'], ask: ({ id }) => ({ url: `/api/attendance/session/${id}/rotate` }),
  },
  'POST /api/attendance/session/{session_id}/second-check': {
    about: 'session', mayRefuse: ['attendance-not-open'], ask: ({ id }) => ({ url: `/api/attendance/session/${id}/second-check` }),
  },
  'POST /api/faculty/complete-session': {
    about: 'session', mayRefuse: ['attendance-not-open'], ask: ({ id }) => ({ url: '/api/faculty/complete-session', payload: { session_id: id } }),
  },
  'POST /api/attendance/mark-bulk': {
    about: 'session', mayRefuse: ['session-too-early'],
    ask: ({ id }) => ({ url: '/api/attendance/mark-bulk', payload: { session_id: id, marks: [{ student_id: 'S1', status: 'late' }] } }),
  },
  'GET /api/attendance/session/{session_id}': { about: 'session', ask: ({ id }) => ({ url: `/api/attendance/session/${id}` }) },
  'POST /api/attendance/flags/{id}/verdict': { about: 'flag', ask: ({ id }) => ({ url: `/api/attendance/flags/${id}/verdict`, payload: { verdict: 'dismissed' } }) },
  'POST /api/attendance/appeals/{id}/decision': { about: 'appeal', ask: ({ id }) => ({ url: `/api/attendance/appeals/${id}/decision`, payload: { choice: 'reject' } }) },
  'POST /api/attendance/appeals': {
    about: null, mayRefuse: ['not-found', 'appeal-too-early'], ask: () => ({ url: '/api/attendance/appeals', payload: { session_id: 1, wanted: 'late', reason: 'The bus' } }),
  },
  'POST /api/student/mark-attendance': {
    about: null, mayRefuse: ['no-class-now'], ask: () => ({ url: '/api/student/mark-attendance', payload: { code: '123456' } }),
  },
  'GET /api/student/device-binding/{student_id}': { about: 'student', ask: ({ id }) => ({ url: `/api/student/device-binding/${id}` }) },
  'POST /api/student/bind-device/{student_id}': {
    about: 'student', ask: ({ id }) => ({ url: `/api/student/bind-device/${id}`, payload: { binding_id: `the-phone-of-${id}` } }),
  },
  'POST /api/admin/reset-device-binding/{student_id}': { about: 'student', ask: ({ id }) => ({ url: `/api/admin/reset-device-binding/${id}` }) },
  'GET /api/student/attendance/{student_id}': { about: 'student', ask: ({ id }) => ({ url: `/api/student/attendance/${id}` }) },
  'GET /api/student/history/{student_id}': { about: 'student', ask: ({ id }) => ({ url: `/api/student/history/${id}` }) },
  'GET /api/student/forecast/{student_id}': { about: 'student', ask: ({ id }) => ({ url: `/api/student/forecast/${id}` }) },
  'GET /api/student/schedule': { about: null, ask: () => ({ url: '/api/student/schedule' }) },
  'GET /api/faculty/dashboard': { about: null, ask: () => ({ url: '/api/faculty/dashboard' }) },
  'GET /api/faculty/class-attendance/{assignment_id}': { about: 'assignment', ask: ({ id }) => ({ url: `/api/faculty/class-attendance/${id}` }) },
  'GET /api/department/overview': { about: 'department', ask: ({ id }) => ({ url: `/api/department/overview?department=${id}` }) },
  'GET /api/attendance/report': { about: 'assignment', ask: ({ id }) => ({ url: `/api/attendance/report?class=${id}` }) },
  'GET /api/attendance/defaulters': { about: 'assignment', ask: ({ id }) => ({ url: `/api/attendance/defaulters?class=${id}` }) },
  'GET /api/attendance/session/{session_id}/replay': { about: 'session', ask: ({ id }) => ({ url: `/api/attendance/session/${id}/replay` }) },
  'POST /api/leave': {
    about: null, ask: () => ({ url: '/api/leave', payload: { kind: 'other', reason: 'A wedding', from: '2026-12-08', to: '2026-12-08' } }),
  },
  'POST /api/leave/{id}/decision': { about: 'leave', ask: ({ id }) => ({ url: `/api/leave/${id}/decision`, payload: { choice: 'grant' } }) },
  'DELETE /api/leave/{id}': { about: 'leave', ask: ({ id }) => ({ url: `/api/leave/${id}` }) },
  'POST /api/cr/send-notification': { about: null, ask: () => ({ url: '/api/cr/send-notification', payload: { message: 'No class today' } }) },
  'GET /api/cr/notification-history': { about: null, ask: () => ({ url: '/api/cr/notification-history' }) },
  'POST /api/broadcasts': {
    about: 'section', ask: ({ id }) => ({ url: '/api/broadcasts', payload: { title: 'Hall B', message: 'is closed', to: { sections: [Number(id)] } } }),
  },
  'GET /api/notifications/history': { about: null, ask: () => ({ url: '/api/notifications/history' }) },
  ...Object.fromEntries((['students', 'faculties', 'subjects', 'faculty-assignments', 'default-schedules'] as const).flatMap((kind): [string, RoleRequest][] => [
    [`POST /api/${kind}/upload`, { about: null, ask: () => ({ url: `/api/${kind}/upload`, ...exampleForm(kind) }) }],
    [`GET /api/${kind}/template`, { about: null, ask: () => ({ url: `/api/${kind}/template` }) }],
    [`GET /api/${kind}`, { about: null, ask: () => ({ url: `/api/${kind}` }) }],
  ])),
  ...Object.fromEntries((['periods', 'subject-parts', 'faculty-times'] as const).flatMap((kind): [string, RoleRequest][] => [
    [`POST /api/${kind}/upload`, { about: null, ask: () => ({ url: `/api/${kind}/upload`, ...exampleForm(kind) }) }],
    [`GET /api/${kind}/template`, { about: null, ask: () => ({ url: `/api/${kind}/template` }) }],
  ])),
  // Who is removed, or made class representative, is asked for nobody: the people of the walk are needed on.
  'DELETE /api/students/remove/{id}': { about: null, mayRefuse: ['not-found'], ask: () => ({ url: '/api/students/remove/S000000' }) },
  'DELETE /api/faculties/remove/{id}': { about: null, mayRefuse: ['not-found'], ask: () => ({ url: '/api/faculties/remove/F0' }) },
  'DELETE /api/subjects/remove/{code}': { about: null, mayRefuse: ['not-found'], ask: () => ({ url: '/api/subjects/remove/X0' }) },
  'GET /api/crs': { about: null, ask: () => ({ url: '/api/crs' }) },
  'POST /api/crs': { about: null, mayRefuse: ['not-found'], ask: () => ({ url: '/api/crs', payload: { id: 'S000000', mobile: '+91 90000 00000' } }) },
  'DELETE /api/crs/{student_id}': { about: null, mayRefuse: ['not-found'], ask: () => ({ url: '/api/crs/S000000' }) },
  'GET /api/terms': { about: null, ask: () => ({ url: '/api/terms' }) },
  'PUT /api/terms': { about: null, ask: () => ({ url: '/api/terms', payload: { academic_year: '2031-32', semester: 1, starts_on: '2031-07-01', ends_on: '2031-12-01' } }) },
  'GET /api/holidays': { about: null, ask: () => ({ url: '/api/holidays' }) },
  'PUT /api/holidays': { about: null, ask: () => ({ url: '/api/holidays', payload: { date: '2031-08-15', name: 'Lantern Day' } }) },
  'DELETE /api/holidays/{date}': { about: null, mayRefuse: ['not-found'], ask: () => ({ url: '/api/holidays/2031-08-16' }) },
  'GET /api/faculty/schedules': { about: null, ask: () => ({ url: '/api/faculty/schedules' }) },
  'POST /api/faculty/schedule/create': {
    about: 'assignment', mayRefuse: ['room-unknown'],
    ask: ({ id }) => ({ url: '/api/faculty/schedule/create', payload: { assignment_id: Number(id), date: '2026-11-29', start_time: '09:00', end_time: '10:00', venue: 'Nowhere' } }),
  },
  'PUT /api/faculty/schedule/update/{id}': { about: 'session', ask: ({ id }) => ({ url: `/api/faculty/schedule/update/${id}`, payload: { topic_discussed: 'x' } }) },
  'POST /api/sessions/{sessionId}/substitute': {
    about: 'session', mayRefuse: ['substitute-unknown'], ask: ({ id }) => ({ url: `/api/sessions/${id}/substitute`, payload: { faculty_id: 'NOBODY' } }),
  },
  'GET /api/substitutions': { about: null, ask: () => ({ url: '/api/substitutions' }) },
  'POST /api/substitutions/{id}/answer': { about: null, mayRefuse: ['not-found'], ask: () => ({ url: '/api/substitutions/999/answer', payload: { answer: 'no' } }) },
  'POST /api/faculty/leave': { about: null, ask: () => ({ url: '/api/faculty/leave', payload: { from: '2031-12-01', to: '2031-12-01' } }) },
  'GET /api/reschedules/offers': { about: null, ask: () => ({ url: '/api/reschedules/offers' }) },
  // Nothing is offered yet.
  'POST /api/reschedules/{roundId}/decision': {
    about: 'round', mayRefuse: ['round-over'], ask: ({ id }) => ({ url: `/api/reschedules/${id}/decision`, payload: { choice: 'decline' } }),
  },
  // A decision is seen by who made it.
  'GET /api/decisions/{id}': { about: null, mayRefuse: ['not-found'], ask: () => ({ url: '/api/decisions/999999' }) },
  'GET /api/sessions/{sessionId}/what-if': {
    about: 'session', mayRefuse: ['session-not-scheduled'], ask: ({ id }) => ({ url: `/api/sessions/${id}/what-if?start=2026-11-27T10:30:00Z` }),
  },
  'DELETE /api/faculty/schedule/delete/{id}': {
    about: 'session', mayRefuse: ['session-has-marks', 'session-not-scheduled'], ask: ({ id }) => ({ url: `/api/faculty/schedule/delete/${id}` }),
  },
};
