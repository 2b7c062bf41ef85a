// What looks odd about marks by code (A15): for faculty to judge, with the evidence; it never blocks.

/** A mark by code, as far as it matters here. Times in milliseconds since the epoch. */
export interface CodeMark {
  studentId: number;
  receivedAt: number;
  /** Seconds since the code was first shown. */
  codeAge: number;
  /** Whether it came from the campus's networks; null: not known. */
  onCampus: boolean | null;
}

/** A mark by code of one of the students in another session of the day. */
export interface MarkElsewhere {
  studentId: number;
  sessionId: number;
  receivedAt: number;
  building: string;
}

export interface Flag {
  studentId: number;
  kind: 'far-rooms' | 'stale-code' | 'off-campus' | 'shared-device' | 'check-missed';
  /** Ids, times (ISO 8601 in UTC) and numbers. */
  evidence: Record<string, string | number>;
}

/** Nobody walks from one building to another and finds a seat in less. */
const WALK_MS = 5 * 60_000;
/** So long after a code was replaced it is still typed by those who look at the screen. */
const TYPING_SECONDS = 10;
/** A single code that is used so long after it was first shown may have been sent to somebody. */
const SINGLE_SECONDS = 180;

/**
 * @param session its building, and how its codes were shown
 * @param marks its marks by code
 * @param elsewhere marks by code of the same students in other sessions
 */
export function suspicious(
  session: { building: string; mode: 'rotating' | 'single'; stepSeconds: number }, marks: readonly CodeMark[], elsewhere: readonly MarkElsewhere[],
): Flag[] {
  const longest = session.mode === 'single' ? SINGLE_SECONDS : session.stepSeconds + TYPING_SECONDS;
  const others = Map.groupBy(elsewhere, ({ studentId }) => studentId);
  return marks.flatMap((mark): Flag[] => {
    const { studentId, receivedAt, codeAge, onCampus } = mark;
    const far = (others.get(studentId) ?? []).find((other) => other.building !== session.building && Math.abs(other.receivedAt - receivedAt) < WALK_MS);
    return [
      ...(far ? [{
        studentId, kind: 'far-rooms' as const,
        evidence: { session: far.sessionId, building: far.building, seconds: Math.round(Math.abs(far.receivedAt - receivedAt) / 1000) },
      }] : []),
      ...(codeAge > longest ? [{ studentId, kind: 'stale-code' as const, evidence: { seconds: codeAge } }] : []),
      ...(onCampus === false ? [{ studentId, kind: 'off-campus' as const, evidence: {} }] : []),
    ];
  });
}
