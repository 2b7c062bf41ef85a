// The periods of a teaching day by number, for timetables that say no times; a laboratory takes three in a row.

/** Start and end on the wall clock; lunch is between the fourth and the fifth. */
export const PERIODS: readonly (readonly [string, string])[] = [
  ['08:30', '09:30'], ['09:30', '10:30'], ['10:30', '11:30'], ['11:30', '12:30'], ['13:40', '14:40'], ['14:40', '15:40'], ['15:40', '16:40'],
];
const LAB_PERIODS = 3;
const MORNING_PERIODS = 4;

type Times = { start: string; end: string } | { code: 'not-period' | 'lab-too-late' | 'lab-crosses-lunch'; details: { most: number } };

/** When a class lies that begins with a period (from 1 on). A laboratory can neither cross lunch nor outlast the day. */
export function timesOfPeriod(period: number, type: 'theory' | 'lab'): Times {
  const details = { most: PERIODS.length };
  const first = PERIODS[period - 1];
  if (!first) return { code: 'not-period', details };
  const lastNumber = period + (type === 'lab' ? LAB_PERIODS : 1) - 1;
  if (period <= MORNING_PERIODS && lastNumber > MORNING_PERIODS) return { code: 'lab-crosses-lunch', details };
  const last = PERIODS[lastNumber - 1];
  return last ? { start: first[0], end: last[1] } : { code: 'lab-too-late', details };
}
