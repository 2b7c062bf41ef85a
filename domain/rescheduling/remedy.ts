// Which remedy a class session gets whose students have interviews, in the requirement's order of preference (I16). Seats in
// other sections come first and are found by seats.ts; here it is about those for whom there is none.

export interface HitSession {
  /** Students who have an interview then and no seat in another section. */
  readonly hit: number;
  /** Students who come to the class: its roster as of its date without those who attend another section. */
  readonly attendees: number;
  /** Hours until the class begins; negative when it has begun. */
  readonly hoursLeft: number;
  /** Share of the attendees, from 0 to 1, from which the whole class is moved. */
  readonly moveThreshold: number;
  /** From so many students on they get a makeup class. */
  readonly makeupMinStudents: number;
  /** Hours before the class from which it is not moved any more. */
  readonly cutOffHours: number;
  /** A makeup is not made up again. */
  readonly kind: 'regular' | 'makeup';
}

/** What may be offered, the preferred first; when nothing may, why the class stays and its students are on duty. */
export type Remedies =
  | { readonly kind: 'search'; readonly inOrder: readonly [Searched, ...Searched[]] }
  | { readonly kind: 'on-duty'; readonly because: 'too-few' | 'too-late' };

/** A makeup class for those who are hit, or another time for the whole class. */
export type Searched = 'makeup' | 'move';

/**
 * A makeup for those who are hit, when they are enough of them and somebody is left for the class itself; else, or when no time for
 * one is free, the whole class is moved, when the share that is hit reaches the threshold and the cut-off has not passed. Throws
 * RangeError when more are hit than attend, or nobody is.
 */
export function chooseRemedies(session: HitSession): Remedies {
  const { hit, attendees, hoursLeft, moveThreshold, makeupMinStudents, cutOffHours, kind } = session;
  if (!(hit > 0 && hit <= attendees)) throw new RangeError(`${hit} of ${attendees} attendees can't be hit`);
  const makeup = kind === 'regular' && hit >= makeupMinStudents && hit < attendees;
  const wanted = hit / attendees >= moveThreshold;
  const move = wanted && hoursLeft >= cutOffHours;
  if (makeup) return { kind: 'search', inOrder: move ? ['makeup', 'move'] : ['makeup'] };
  if (move) return { kind: 'search', inOrder: ['move'] };
  return { kind: 'on-duty', because: wanted ? 'too-late' : 'too-few' };
}
