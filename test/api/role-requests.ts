// For each route that names a permission: what it is asked about, and a request that all is right with. A new route needs a line here.
import type { InjectOptions } from 'fastify';
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
  'PATCH /api/departments/{id}/rules': {
    about: 'department', ask: ({ id }) => ({ url: `/api/departments/${id}/rules`, payload: { horizon_days: 21 } }),
  },
  'GET /api/student/device-binding/{student_id}': { about: 'student', ask: ({ id }) => ({ url: `/api/student/device-binding/${id}` }) },
  'POST /api/student/bind-device/{student_id}': {
    about: 'student', ask: ({ id }) => ({ url: `/api/student/bind-device/${id}`, payload: { binding_id: `the-phone-of-${id}` } }),
  },
  'POST /api/admin/reset-device-binding/{student_id}': { about: 'student', ask: ({ id }) => ({ url: `/api/admin/reset-device-binding/${id}` }) },
  'POST /api/cr/send-notification': { about: null, ask: () => ({ url: '/api/cr/send-notification', payload: { message: 'No class today' } }) },
  'GET /api/cr/notification-history': { about: null, ask: () => ({ url: '/api/cr/notification-history' }) },
  'POST /api/broadcasts': {
    about: 'section', ask: ({ id }) => ({ url: '/api/broadcasts', payload: { title: 'Hall B', message: 'is closed', to: { sections: [Number(id)] } } }),
  },
  'GET /api/notifications/history': { about: null, ask: () => ({ url: '/api/notifications/history' }) },
};
