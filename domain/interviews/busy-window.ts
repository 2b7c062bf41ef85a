// How long an interview keeps its student busy: its own length, and the way there and back.

const HOUR = 3_600_000;

/** Length in minutes of an interview whose mail names neither end nor duration. */
export function usualMinutes(round: string | null): number {
  return round === 'assessment' ? 90 : 60;
}

/** A window this long is an invitation to come at some time within it: the student has to say when. */
const LONGEST_APPOINTMENT_HOURS = 4;

/** Whether times say when to be there: neither a bare date nor a window to come at some time within (I16). */
export function isAppointment({ startsAt, endsAt }: Pick<InterviewTimes, 'startsAt' | 'endsAt'>): boolean {
  return startsAt !== null && endsAt !== null && endsAt.getTime() - startsAt.getTime() <= LONGEST_APPOINTMENT_HOURS * HOUR;
}

export interface InterviewTimes {
  startsAt: Date | null;
  endsAt: Date | null;
  mode: 'online' | 'on-campus' | 'elsewhere' | 'phone' | null;
}

export interface BufferMinutes { online: number; 'on-campus': number; elsewhere: number }

/**
 * When the student can't be in class, half-open: the interview with its travel buffers before and after (I15). Null for a
 * bare date and for a window of over four hours: such a one excuses nothing until the student says when (I16).
 */
export function busyWindow({ startsAt, endsAt, mode }: InterviewTimes, buffers: BufferMinutes): { from: Date; to: Date } | null {
  if (!startsAt || !endsAt || !isAppointment({ startsAt, endsAt })) return null;
  const buffer = buffers[mode === 'phone' || mode === null ? 'online' : mode] * 60_000;
  return { from: new Date(startsAt.getTime() - buffer), to: new Date(endsAt.getTime() + buffer) };
}
