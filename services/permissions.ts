// What each role may do, and whose things it reaches: the whole of it (A2). access.ts enforces it, tests walk it cell by cell.
import type { Role } from './context.ts';

/** Whose: one's own; one's own section's; of classes that one teaches; of one's department, or of classes that one teaches; everybody's. */
export type Reach = 'own' | 'section' | 'taught' | 'department' | 'campus';

const students = { student: 'own', cr: 'own' } as const;
const teaching = { faculty: 'taught', hod: 'department' } as const;
const office = { admin: 'campus', registrar: 'campus' } as const;

/** A role that isn't named may not. */
export const permissions = {
  'sweep.start': office,
  'mailboxes.see': { admin: 'campus' },
  'senders.manage': office,
  'departments.see': { hod: 'department', ...office },
  'departments.rule': { hod: 'department', admin: 'campus' },

  'devices.bind': students,
  'devices.see': { ...students, admin: 'campus' },
  'devices.reset': { admin: 'campus' },
  'records.see': office,
  'records.upload': office,
  'records.remove': { admin: 'campus' },
  'crs.manage': office,

  'sessions.manage': { ...teaching, admin: 'campus' },
  'attendance.mark': students,
  'attendance.take': { ...teaching, admin: 'campus' },
  'attendance.see': { ...students, ...teaching, ...office },
  'attendance.appeal': students,
  'schedule.own': students,
  'rosters.see': { ...teaching, ...office },
  // From which address a mark came.
  'addresses.see': { hod: 'department', admin: 'campus' },
  'reports.see': { ...teaching, ...office },
  // What one teaches oneself.
  'classes.own': { faculty: 'taught', hod: 'taught' },
  'overviews.see': { hod: 'department', ...office },
  'timetables.generate': office,
  'timetables.publish': { admin: 'campus' },
  'timetables.department': { hod: 'department', ...office },
  'leave.ask': students,
  'leave.decide': { ...teaching, admin: 'campus' },

  'section.notify': { cr: 'section' },
  'broadcasts.send': { cr: 'section', ...teaching, ...office },
} as const satisfies Record<string, Partial<Record<Role, Reach>>>;

export type Permission = keyof typeof permissions;
