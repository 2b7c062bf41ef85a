// What a student is told of a mark, the same at every door.
import { type Counts, type Status, statuses } from '../domain/attendance/statuses.ts';
import type { Translate } from './index.ts';

/** One sentence; says whether the mark is new or stood already. */
export function receiptText(t: Translate, { status, isNew, subject }: { status: Status; isNew: boolean; subject: string }): string {
  return t(isNew ? 'attendance.marked' : 'attendance.stood', { status: t(`statuses.${status}`), subject });
}

/** How many have which mark; what nobody has is left out. */
export function countsText(t: Translate, counts: Counts): string {
  const named = (status: Status): string => t(`statuses.${status}`);
  return statuses.filter((status) => counts[status] > 0).map((status) => `${named(status)}: ${counts[status]}`).join(', ');
}
