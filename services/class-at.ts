// A session as notices speak of it.
import type { Session } from '../db/repositories/sessions.ts';

export function classAt(session: Session): { subject: string; section: string; start: string; end: string; room: string } {
  return {
    subject: `${session.subjectCode} ${session.subjectName}`, section: session.sectionName,
    start: session.startsAt.toISOString(), end: session.endsAt.toISOString(), room: session.roomName,
  };
}
