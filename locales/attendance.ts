// What a student is told of a mark, the same at every door.
import type { Status } from '../domain/attendance/statuses.ts';
import type { Translate } from './index.ts';

/** One sentence; says whether the mark is new or stood already. */
export function receiptText(t: Translate, { status, isNew, subject }: { status: Status; isNew: boolean; subject: string }): string {
  return t(isNew ? 'attendance.marked' : 'attendance.stood', { status: t(`statuses.${status}`), subject });
}
