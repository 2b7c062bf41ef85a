// What a mark can say, how it came about, and through which door.

export const statuses = ['present', 'late', 'absent', 'excused', 'on_duty'] as const;
export type Status = (typeof statuses)[number];

export const methods = ['code', 'manual', 'missing', 'interview', 'leave', 'appeal'] as const;
/** How a mark came about; missing: the session was completed without one. */
export type Method = (typeof methods)[number];

/** Where students mark themselves. */
export const doors = ['rest', 'web', 'telegram', 'slack', 'discord'] as const;
export type Door = (typeof doors)[number];

/** How many marks of each status. */
export type Counts = Record<Status, number>;

/** Whether a student with this mark was there. */
export const isThere = (status: Status): boolean => status === 'present' || status === 'late';
