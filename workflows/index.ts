// All workflows, as the worker bundles them. Their names are their types: a rename breaks what runs.
export { attendanceSession } from './attendance-session.ts';
export { deliverNotices, wakeDeliveries } from './deliver-notices.ts';
export { followInterview } from './follow-interview.ts';
export { generateTimetable } from './generate-timetable.ts';
export { keepHouse } from './keep-house.ts';
export { makeSessions, wakeSessionMakers } from './make-sessions.ts';
export { publishTimetable } from './publish-timetable.ts';
export { rescheduleSession } from './reschedule-session.ts';
export { sweepMailboxes } from './sweep-mailboxes.ts';
