// What a timetable of the demo campus is made from beside its curriculum: what subjects need, and when people and rooms can't. Its
// ordinary week keeps to all of it.

import type { SubjectPlan } from './demo-curriculum.ts';
import type { DemoCampus } from './demo-rows.ts';
import { type Hall, type Lecturer, TEACHING_PERIODS } from './demo-timetable.ts';

/** Every so many lecturers one who can't teach in a period, and one who would rather not begin the week early. */
const AWAY_EACH = 4;
const LATE_RISER_EACH = 3;
const DISLIKE = 3;

type Row<Table extends keyof DemoCampus> = Omit<DemoCampus[Table][number], 'id'>;

/** The hours that subjects have in the ordinary week; `labEquipment` is what is needed in the lab of one. */
export function subjectParts(subjects: readonly { id: number; plan: SubjectPlan; labEquipment: string }[]): Row<'subject_parts'>[] {
  return subjects.map(({ id, plan: { type, periods }, labEquipment }) => {
    const isLab = type === 'lab';
    return {
      subject_id: id, kind: isLab ? 'lab' : 'lecture', meetings: isLab ? 1 : periods, periods: isLab ? periods : 1, room_kind: type,
      equipment: JSON.stringify([isLab ? labEquipment : 'projector']), week: 'every',
    };
  });
}

/** Times when some can't teach, in which they don't, and what some dislike. */
export function facultyTimes(lecturers: readonly Lecturer[]): Row<'faculty_times'>[] {
  const [earliest] = TEACHING_PERIODS;
  return lecturers.flatMap(({ number, busy }) => {
    const away = number % AWAY_EACH === 1 ? TEACHING_PERIODS.findLast(({ key }) => !busy.has(key)) : undefined;
    const disliked = number % LATE_RISER_EACH === 0 ? earliest : undefined;
    return [
      ...(away ? [{ faculty_id: number + 1, weekday: away.weekday, start_time: away.start, end_time: away.end, cost: null }] : []),
      ...(disliked ? [{ faculty_id: number + 1, weekday: disliked.weekday, start_time: disliked.start, end_time: disliked.end, cost: DISLIKE }] : []),
    ];
  });
}

/** One room is closed in a period in which nobody uses it. */
export function roomClosures(halls: readonly Hall[]): Row<'room_closures'>[] {
  const [{ number, busy } = { number: 0, busy: new Set<string>() }] = halls;
  const free = TEACHING_PERIODS.find(({ key }) => !busy.has(key));
  return free ? [{ room_id: number + 1, weekday: free.weekday, start_time: free.start, end_time: free.end, week: 'every' }] : [];
}
