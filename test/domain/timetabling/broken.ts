// Feasible universities broken in exactly one way each, and the reason that has to be found.

import type { Generated } from '../../../domain/timetabling/generate.ts';
import type { Infeasibility } from '../../../domain/timetabling/infeasible/reasons.ts';
import type { Faculty, Lock, Slot, TaughtClass, University } from '../../../domain/timetabling/university.ts';
import { lectures, room, taught, teacher } from './little-college.ts';

export interface Break {
  readonly name: string;
  readonly break: (generated: Generated) => University;
  /** What the one reason has in it. */
  readonly found: Partial<Infeasibility> & Pick<Infeasibility, 'code'>;
}

const slotsOfWeek = ({ days, periods }: University): Slot[] =>
  Array.from({ length: days * periods }, (_, index) => ({ day: Math.floor(index / periods), period: index % periods, week: 'every' }));
/** Away but in the first `count` slots of the week. */
const onlyFirst = (university: University, count: number): Slot[] => slotsOfWeek(university).slice(count);
const plus = (university: University, classes: readonly TaughtClass[], faculty: readonly Faculty[]): University => ({
  ...university, classes: [...university.classes, ...classes], faculty: [...university.faculty, ...faculty],
});
const extra = (id: string, more: Partial<TaughtClass> = {}) => taught(id, { size: 20, minWorkingDays: 1, parts: [{ ...lectures(3), roomKind: 'lecture hall' }], ...more });
const changeClass = (university: University, which: (taught: TaughtClass) => boolean, change: (taught: TaughtClass) => Partial<TaughtClass>): University => {
  const at = university.classes.findIndex(which);
  return { ...university, classes: university.classes.map((each, index) => (index === at ? { ...each, ...change(each) } : each)) };
};
const changeFirstPart = (university: University, part: Partial<TaughtClass['parts'][number]>) =>
  changeClass(university, () => true, ({ parts }) => ({ parts: parts.map((each, index) => (index === 0 ? { ...each, ...part } : each)) }));
const hasLab = ({ parts }: TaughtClass) => parts.some(({ length }) => length > 1);
const lock = (id: string, slot: Lock['slot'], place: string | null = null, occurrence = 0): Lock => ({ class: id, part: 0, occurrence, slot, room: place });
const periodsTaught = (university: University, id: string) =>
  university.classes.filter(({ faculty }) => faculty.includes(id)).reduce((sum, { parts }) => sum + parts.reduce((all, { count, length }) => all + count * length, 0), 0);
/** Somebody who teaches single periods only. */
const lecturer = (university: University): Faculty =>
  university.faculty.find(({ id }) => !university.classes.some((each) => each.faculty.includes(id) && hasLab(each))) as Faculty;
const changeFaculty = (university: University, id: string, change: Partial<Faculty>): University => ({
  ...university, faculty: university.faculty.map((member) => (member.id === id ? { ...member, ...change } : member)),
});

/** Each takes a university without locks. */
export const breaks: readonly Break[] = [
  {
    name: 'a class needs a kind of room that there isn\'t',
    break: ({ university }) => changeFirstPart(university, { roomKind: 'planetarium' }),
    found: { code: 'no-room-of-kind', roomKind: 'planetarium' },
  },
  {
    name: 'a class needs what no room has',
    break: ({ university }) => changeFirstPart(university, { equipment: ['telescope'] }),
    found: { code: 'no-room-with-equipment', equipment: ['telescope'] },
  },
  {
    name: 'more students than any room holds',
    break: ({ university }) => changeClass(university, ({ parts }) => parts.length === 1, () => ({ size: 5000 })),
    found: { code: 'no-room-large-enough', size: 5000 },
  },
  {
    name: 'a block longer than any run of periods',
    break: ({ university }) => plus(university, [extra('seminar', { faculty: ['Xu'], parts: [{ ...lectures(1, 5), roomKind: 'lecture hall' }] })], [teacher('Xu')]),
    found: { code: 'block-too-long', class: 'seminar', length: 5, longest: 4 },
  },
  {
    name: 'a block whose faculty is never there for so long',
    break: ({ university }) => plus(
      university, [extra('seminar', { faculty: ['Xu'], parts: [{ ...lectures(1, 2), roomKind: 'lecture hall' }] })],
      [teacher('Xu', { unavailable: slotsOfWeek(university).filter(({ period }) => period % 2 === 1) })],
    ),
    found: { code: 'no-time-for-block', class: 'seminar', length: 2 },
  },
  {
    name: 'a faculty member with more to teach than time',
    break: ({ university }) => {
      const { id } = lecturer(university);
      return changeFaculty(university, id, { unavailable: onlyFirst(university, periodsTaught(university, id) - 1) });
    },
    found: { code: 'too-many-periods', who: 'faculty' },
  },
  {
    name: 'a faculty member with more to teach than the contract says',
    break: ({ university }) => {
      const { id } = lecturer(university);
      return changeFaculty(university, id, { maxPerWeek: periodsTaught(university, id) - 1 });
    },
    found: { code: 'faculty-overload' },
  },
  {
    name: 'a section with more hours than the week',
    break: ({ university }) => plus(
      university, [0, 1, 2, 3].map((index) => extra(`more ${index}`, { sections: ['S1'], faculty: [`X${index}`], parts: [{ ...lectures(8), roomKind: 'lecture hall' }] })),
      [0, 1, 2, 3].map((index) => teacher(`X${index}`)),
    ),
    found: { code: 'too-many-periods', who: 'section', id: 'S1', available: 40 },
  },
  {
    name: 'a class whose two teachers are hardly ever there together',
    break: ({ university }) => plus(
      university, [extra('duet', { faculty: ['Xu', 'Yan'] })],
      [teacher('Xu', { unavailable: onlyFirst(university, 12) }), teacher('Yan', { unavailable: slotsOfWeek(university).slice(0, 10) })],
    ),
    found: { code: 'too-many-periods', who: 'class', id: 'duet', needed: 3, available: 2 },
  },
  {
    name: 'a student with more hours than the week',
    break: ({ university }) => ({ ...university, enrolments: [...university.enrolments, { student: 'Zoe', section: null, classes: university.classes.slice(0, 20).map(({ id }) => id), unavailable: [] }] }),
    found: { code: 'too-many-periods', who: 'students', students: 1 },
  },
  {
    name: 'classes of a faculty member that can only be held at the same few times',
    break: ({ university }) => plus(
      university, [extra('first', { faculty: ['Xu', 'Yan'] }), extra('second', { faculty: ['Xu', 'Zhu'] })],
      [teacher('Xu'), teacher('Yan', { unavailable: onlyFirst(university, 4) }), teacher('Zhu', { unavailable: onlyFirst(university, 5) })],
    ),
    found: { code: 'times-short', who: 'faculty', id: 'Xu', of: ['first', 'second'], needed: 6, available: 5 },
  },
  {
    name: 'classes of a section that can only be held at the same few times',
    break: ({ university }) => {
      const sections = [...university.sections, { id: 'new', department: 'D1', size: 20, unavailable: [] }];
      const away = onlyFirst(university, 4);
      return plus({ ...university, sections }, [extra('first', { sections: ['new'], faculty: ['Yan'] }), extra('second', { sections: ['new'], faculty: ['Zhu'] })], [teacher('Yan', { unavailable: away }), teacher('Zhu', { unavailable: away })]);
    },
    found: { code: 'times-short', who: 'section', id: 'new', needed: 5, available: 4 },
  },
  {
    name: 'more hours than all rooms of a kind have',
    break: ({ university }) => plus(
      { ...university, rooms: [...university.rooms, ...['P1', 'P2'].map((id) => room(id, { building: 'B1', kind: 'pool', closed: onlyFirst(university, 5) }))] },
      [0, 1, 2, 3].map((index) => extra(`swim ${index}`, { faculty: [`X${index}`], parts: [{ ...lectures(3), roomKind: 'pool' }] })), [0, 1, 2, 3].map((index) => teacher(`X${index}`)),
    ),
    found: { code: 'room-kind-full', roomKind: 'pool', needed: 12, available: 10 },
  },
  {
    name: 'classes that need the one well-equipped room of a kind',
    break: ({ university }) => plus(
      { ...university, rooms: [...university.rooms, room('organ hall', { building: 'B1', kind: 'lecture hall', equipment: ['organ'], closed: onlyFirst(university, 5) })] },
      [0, 1].map((index) => extra(`organ ${index}`, { faculty: [`X${index}`], parts: [{ ...lectures(3), roomKind: 'lecture hall', equipment: ['organ'] }] })), [teacher('X0'), teacher('X1')],
    ),
    found: { code: 'rooms-short', roomKind: 'lecture hall', needed: 6, available: 5 },
  },
  {
    name: 'a meeting locked at two times',
    break: ({ university }) => ({
      ...plus(university, [extra('new', { faculty: ['Xu'] })], [teacher('Xu')]), locks: [lock('new', { day: 0, period: 0 }), lock('new', { day: 1, period: 0 })],
    }),
    found: { code: 'lock-contradiction', meeting: { class: 'new', part: 0, occurrence: 0 } },
  },
  {
    name: 'a block locked across the break',
    break: ({ university }) => ({
      ...plus(university, [extra('new', { faculty: ['Xu'], parts: [{ ...lectures(1, 2), roomKind: 'lecture hall' }] })], [teacher('Xu')]), locks: [lock('new', { day: 0, period: 3 })],
    }),
    found: { code: 'lock-block', day: 0, period: 3 },
  },
  {
    name: 'a meeting locked where its faculty is away',
    break: ({ university }) => ({
      ...plus(university, [extra('new', { faculty: ['Xu'] })], [teacher('Xu', { unavailable: [{ day: 2, period: 1, week: 'even' }] })]), locks: [lock('new', { day: 2, period: 1 })],
    }),
    found: { code: 'lock-unavailable', who: 'faculty', id: 'Xu', day: 2, period: 1 },
  },
  {
    name: 'a meeting locked in a room that is too small',
    break: ({ university }) => ({
      ...plus({ ...university, rooms: [...university.rooms, room('closet', { building: 'B1', kind: 'lecture hall', capacity: 3 })] }, [extra('new', { faculty: ['Xu'] })], [teacher('Xu')]),
      locks: [lock('new', null, 'closet')],
    }),
    found: { code: 'lock-room-unfit', room: 'closet' },
  },
  {
    name: 'a meeting locked in a room when another department has it',
    break: ({ university }) => ({
      ...plus(
        { ...university, rooms: [...university.rooms, room('spare', { building: 'B1', kind: 'lecture hall', taken: [{ day: 4, period: 7, week: 'odd' }] })] },
        [extra('new', { faculty: ['Xu'] })], [teacher('Xu')],
      ),
      locks: [lock('new', { day: 4, period: 7 }, 'spare')],
    }),
    found: { code: 'lock-room-closed', room: 'spare', day: 4, period: 7 },
  },
  {
    name: 'two meetings locked in one room at once',
    break: ({ university }) => ({
      ...plus(
        { ...university, rooms: [...university.rooms, room('spare', { building: 'B1', kind: 'lecture hall' })] },
        [extra('one', { faculty: ['Xu'] }), extra('two', { faculty: ['Yan'] })], [teacher('Xu'), teacher('Yan')],
      ),
      locks: [lock('one', { day: 3, period: 3 }, 'spare'), lock('two', { day: 3, period: 3 }, 'spare')],
    }),
    found: { code: 'locks-share-room', room: 'spare', day: 3, period: 3 },
  },
  {
    name: 'two meetings of a section locked at once',
    break: ({ university }) => ({
      ...plus(
        { ...university, sections: [...university.sections, { id: 'new', department: 'D1', size: 20, unavailable: [] }] },
        [extra('one', { sections: ['new'], faculty: ['Xu'] }), extra('two', { sections: ['new'], faculty: ['Yan'] })], [teacher('Xu'), teacher('Yan')],
      ),
      locks: [lock('one', { day: 3, period: 3 }), lock('two', { day: 3, period: 3 })],
    }),
    found: { code: 'locks-share', who: 'section', id: 'new' },
  },
];
