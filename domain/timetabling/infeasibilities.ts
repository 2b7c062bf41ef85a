// Whether a university can have a timetable at all, as far as that is seen without making one, and if not, why.

import { lockReasons } from './infeasible/locks.ts';
import { placeReasons } from './infeasible/places.ts';
import type { Infeasibility } from './infeasible/reasons.ts';
import { roomReasons } from './infeasible/rooms.ts';
import { surveyOf } from './infeasible/survey.ts';
import { timeReasons } from './infeasible/times.ts';
import { meetingKey, type University } from './university.ts';

/**
 * The reasons for which a university (one without issues, see `universityIssues`) has no timetable; none is no promise that it has one.
 * Each cause is told once: what a class's room, block or lock explains is left out where times and rooms are counted.
 */
export function infeasibilities(university: University): Infeasibility[] {
  const survey = surveyOf(university);
  const ofPlaces = placeReasons(survey);
  const ofLocks = lockReasons(survey);
  const explainedParts = new Set(ofPlaces.flatMap((reason) => ('part' in reason ? [`${reason.class}\u0000${reason.part}`] : [])));
  const explainedMeetings = new Set(ofLocks.flatMap((reason) => ('meeting' in reason ? [reason.meeting] : 'meetings' in reason ? reason.meetings : [])).map(meetingKey));
  const excluded = new Set(survey.meetings.filter(({ meeting }) => explainedParts.has(`${meeting.class}\u0000${meeting.part}`) || explainedMeetings.has(meetingKey(meeting))));
  return [...ofPlaces, ...ofLocks, ...timeReasons(survey, excluded), ...roomReasons(survey, excluded)];
}
