// What a mark can say.

export const statuses = ['present', 'late', 'absent', 'excused', 'on_duty'] as const;
export type Status = (typeof statuses)[number];

/** How many marks of each status. */
export type Counts = Record<Status, number>;

/** Whether a student with this mark was there. */
export const isThere = (status: Status): boolean => status === 'present' || status === 'late';
