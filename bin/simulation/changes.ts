// What companies change after they have invited: another time or day, called off; for all or for single candidates; in time, within
// the cut-off, or after the class.
import type { DateTime } from 'luxon';
import type { Random } from '../../db/seeds/random.ts';
import { type DrivePlan, isListed, messageIdOf, uidOf } from './drives.ts';
import { invitation, type Letter, personalCancelled, personalMoved, shortlistCancelled, shortlistMoved, type When } from './mails.ts';
import type { Happening, Scene } from './scene.ts';

const FATES = ['later-that-day', 'moved-late', 'another-day', 'moved-after', 'called-off', 'called-off-late', 'called-off-after'] as const;
/** Percent of drives with a list that change as a whole, and of personal interviews that change one by one. */
const DRIVES_THAT_CHANGE = 40;
const CANDIDATES_THAT_CHANGE = 14;

interface Change {
  at: DateTime;
  /** How far it is moved; not at all when it is called off. */
  days: number;
  hours: number;
}

/** The mails that change a drive. */
export function changesOf({ days }: Scene, random: Random, drive: DrivePlan): Happening[] {
  const lastDay = days.at(-1)!;
  if (!isListed(drive)) {
    return drive.called.flatMap((student): Happening[] => {
      if (drive.form === 'lone' || random.below(100) >= CANDIDATES_THAT_CHANGE) return [];
      const change = changeOf(random, drive.announcedAt, student.when.start, lastDay);
      return change ? [{ kind: 'mails', at: change.at, mails: [{ studentId: student.id, letter: personalChange(drive, student, change) }] }] : [];
    });
  }
  if (random.below(100) >= DRIVES_THAT_CHANGE) return [];
  const change = changeOf(random, drive.announcedAt, drive.called[0]!.when.start, lastDay);
  if (!change) return [];
  const letter: Letter = { ...listChange(drive, change), messageId: `<change-${drive.id}@campus.example>`, inReplyTo: `<drive-${drive.id}@campus.example>`, verified: true };
  return [{ kind: 'mails', at: change.at, mails: drive.calls.map(({ studentId }) => ({ studentId, letter })) }];
}

/** Null where there is no sensible time for it: the mail would come before the invitation, or at night. */
function changeOf(random: Random, announcedAt: DateTime, start: DateTime, lastDay: DateTime): Change | null {
  const fate = random.pick(FATES);
  const days = fate === 'another-day' || fate === 'moved-after' ? 1 + random.below(3) : 0;
  const hours = fate === 'later-that-day' || fate === 'moved-late' ? 2 + random.below(3) : 0;
  const moved = start.plus({ days, hours });
  if (moved.weekday === 7 || moved > lastDay.endOf('day') || moved.hour > 18) return null;
  // Before the interview; after it where negative.
  const before: Record<(typeof FATES)[number], object> = {
    'later-that-day': { hours: 3 + random.below(20) }, 'moved-late': { minutes: 45 + random.below(50) }, 'another-day': { hours: 5 + random.below(30) },
    'moved-after': { hours: -3 }, 'called-off': { hours: 4 + random.below(40) }, 'called-off-late': { minutes: 40 + random.below(60) }, 'called-off-after': { hours: -4 },
  };
  const wanted = start.minus(before[fate]);
  const at = wanted.hour < 8 ? wanted.set({ hour: 8 }) : wanted.hour >= 20 ? wanted.set({ hour: 19 }) : wanted;
  return at > announcedAt.plus({ minutes: 30 }) ? { at, days, hours } : null;
}

const isCalledOff = ({ days, hours }: Change) => days === 0 && hours === 0;
const shifted = (when: When, { days, hours }: Change): When =>
  ({ ...when, start: when.start.plus({ days, hours }), ...(when.end && { end: when.end.plus({ days, hours }) }) });

function listChange(drive: DrivePlan, change: Change) {
  if (isCalledOff(change)) return shortlistCancelled(drive, drive.when, drive.rows);
  const rows = drive.form !== 'slots' ? drive.rows : drive.called.map(({ rollNumber, when }) => `${rollNumber} - ${shifted(when, change).start.toFormat('h:mm a')}`);
  return shortlistMoved(drive, drive.when, shifted(drive.when, change), rows);
}

function personalChange(drive: DrivePlan, { id, when }: DrivePlan['called'][number], change: Change): Letter {
  const to = isCalledOff(change) ? when : shifted(when, change);
  const reply = { messageId: `<change-${drive.id}-${id}@talent.example>`, inReplyTo: messageIdOf(drive, id), verified: true };
  if (drive.form === 'calendar') {
    return { ...invitation(drive, { start: to.start, end: to.end! }, { uid: uidOf(drive, id), sequence: 1, method: isCalledOff(change) ? 'CANCEL' : 'REQUEST' }), ...reply };
  }
  return { ...(isCalledOff(change) ? personalCancelled(drive, when) : personalMoved(drive, when, to)), ...reply };
}
