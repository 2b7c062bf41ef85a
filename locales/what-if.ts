// What moving a class would do, in words.
import type { Obstacle } from '../domain/rescheduling/effect.ts';
import { type Reader, whenText } from './dates.ts';
import type { Translate } from './index.ts';
import { classLine, type Message } from './messages.ts';
import { obstacleText } from './reasons.ts';

export interface MoveInMind {
  /** The class as it is now. */
  planned: { subject: string; section: string; start: string; end: string; room: string };
  start: string;
  end: string;
  obstacles: readonly Obstacle[];
  rooms: readonly { name: string; capacity: number }[];
  students: { of: number; busy: number; highestMinutes: number };
  faculty: { minutes: number };
  interviews: number;
  calendars: number;
}

export function whatIfMessage(move: MoveInMind, t: Translate, reader: Reader): Message {
  const { planned, obstacles, rooms, students, faculty, interviews, calendars } = move;
  const hours = (minutes: number) => new Intl.NumberFormat(reader.locale, { maximumFractionDigits: 1 }).format(minutes / 60);
  const listed = (items: string[]) => new Intl.ListFormat(reader.locale, { type: 'unit' }).format(items);
  return {
    title: t('what-if.title', { subject: planned.subject, section: planned.section, when: whenText(reader, move.start, move.end) }),
    lines: [
      classLine(planned, t, reader),
      ...(obstacles.length === 0 ? [t('what-if.possible')] : obstacles.map((obstacle) => t('what-if.against', { obstacle: obstacleText(t, { ...obstacle }) }))),
      t('what-if.students', { count: students.busy, of: students.of }),
      ...(interviews > 0 ? [t('what-if.interviews', { count: interviews })] : []),
      rooms.length === 0
        ? t('what-if.no-rooms')
        : t('what-if.rooms', { rooms: listed(rooms.map(({ name, capacity }) => t('what-if.room', { room: name, seats: capacity }))) }),
      t('what-if.day', { students: hours(students.highestMinutes), faculty: hours(faculty.minutes) }),
      t('what-if.calendars', { count: calendars }),
      t('what-if.nothing-moved'),
    ],
  };
}
