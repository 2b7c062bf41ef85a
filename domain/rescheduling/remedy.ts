// Which remedy a class session gets whose students have interviews (in the requirement's order of preference).

/** Share of the roster from which a whole class is moved, unless the department says otherwise. */
const DEFAULT_MOVE_THRESHOLD = 0.3;

/** Hours before the class from which nothing is changed any more. */
const DEFAULT_CUT_OFF_HOURS = 2;

export interface HitSession {
  /** Students of the roster who have an interview then. */
  readonly hit: number;
  /** Students on the roster as of the session's date. */
  readonly roster: number;
  /** Hours until the class begins; negative when it has begun. */
  readonly hoursLeft: number;
  readonly threshold?: number;
  readonly cutOffHours?: number;
}

/** What is done; another section and a makeup class come before these two in preference and take their place in this union. */
export type Remedy =
  /** Look for a new time for the whole class. */
  | { readonly kind: 'move'; readonly share: number }
  /** The students hit are on duty for this session; the class stays. */
  | { readonly kind: 'on-duty'; readonly share: number; readonly because: 'below-threshold' | 'too-late' };

/**
 * Moves the class when the share of its roster that is hit reaches the threshold and the cut-off has not passed. Throws
 * RangeError when more are hit than are on the roster, or nobody is.
 */
export function chooseRemedy(session: HitSession): Remedy {
  const { hit, roster, hoursLeft, threshold = DEFAULT_MOVE_THRESHOLD, cutOffHours = DEFAULT_CUT_OFF_HOURS } = session;
  if (!(hit > 0 && hit <= roster)) throw new RangeError(`${hit} of a roster of ${roster} can't be hit`);
  const share = hit / roster;
  if (share < threshold) return { kind: 'on-duty', share, because: 'below-threshold' };
  if (hoursLeft < cutOffHours) return { kind: 'on-duty', share, because: 'too-late' };
  return { kind: 'move', share };
}
