// The generator's rooms: as many as the classes need, in buildings near their departments, then closed and taken where nobody is in them.

import type { Random } from '../random.ts';
import { slotNumber, type Building, type Part, type Room, type Slot, type Walk } from '../university.ts';
import { happens, Occupation, slotsOfMeeting, type Calendar, type DraftClass } from './draft.ts';

const CAPACITIES = [30, 40, 60, 80, 120, 180, 240, 360];
/** A meeting goes to a room at most so many times too large, rather than into a new one. */
const MOST_TOO_LARGE = 3;
const DEPARTMENTS_PER_BUILDING = 3;
/** Of a hundred free slots of a room, how many are closed, and how many other departments have taken. */
const CLOSED = 3;
const TAKEN = 3;

/** Buildings on a field of some hundred metres, and what it takes to walk between them. */
export function build(random: Random, departments: number): { buildings: Building[]; walks: Walk[] } {
  const places = Array.from({ length: Math.max(2, Math.ceil(departments / DEPARTMENTS_PER_BUILDING)) }, (_, index) => ({ id: `B${index + 1}`, x: random.below(800), y: random.below(800) }));
  return {
    buildings: places.map(({ id }) => ({ id })),
    walks: places.flatMap((from, index) => places.slice(index + 1).map((to): Walk => ({
      between: [from.id, to.id], minutes: 1 + Math.round(Math.hypot(from.x - to.x, from.y - to.y) / 80),
    }))),
  };
}

/** Rooms for all meetings, and which room each has: keys are `${class id} ${position among its meetings}`. */
export function furnish(random: Random, calendar: Calendar, buildings: readonly Building[], classes: readonly DraftClass[]): { rooms: Room[]; rooming: Map<string, string> } {
  const busy = new Occupation();
  const rooms: Room[] = [];
  const rooming = new Map<string, string>();
  // Large ones first: their rooms then serve smaller classes too.
  for (const draft of [...classes].sort((a, b) => b.size - a.size)) {
    draft.parts.forEach((part, index) => {
      const slots = draft.meetings.map((meeting, at) => ({ at, part: meeting.part, slots: slotsOfMeeting(calendar, meeting) })).filter((meeting) => meeting.part === index);
      const all = slots.flatMap((meeting) => meeting.slots);
      const together = fittingRoom(rooms, busy, draft, part, all);
      for (const meeting of slots) {
        const room = together ?? fittingRoom(rooms, busy, draft, part, meeting.slots) ?? newRoom(rooms, buildings, draft, part);
        busy.take(room.id, meeting.slots);
        rooming.set(`${draft.id} ${meeting.at}`, room.id);
      }
    });
  }
  return { rooms: rooms.map((room) => ({ ...room, ...shut(random, calendar, busy, room.id) })), rooming };
}

/** The smallest room that is free; in the department's building if there is such a one. */
function fittingRoom(rooms: readonly Room[], busy: Occupation, { size }: DraftClass, { roomKind, equipment }: Part, slots: readonly number[]): Room | undefined {
  return rooms
    .filter((room) => room.kind === roomKind && room.capacity >= size && room.capacity <= Math.max(MOST_TOO_LARGE * size, CAPACITIES[1] ?? 0)
      && equipment.every((item) => room.equipment.includes(item)) && busy.isFree(room.id, slots))
    .sort((a, b) => a.capacity - b.capacity)[0];
}

function newRoom(rooms: Room[], buildings: readonly Building[], draft: DraftClass, { roomKind, equipment }: Part): Room {
  const building = buildings[Math.floor(draft.departmentIndex / DEPARTMENTS_PER_BUILDING) % buildings.length]?.id ?? '';
  const room: Room = {
    id: `R${rooms.length + 1}`, kind: roomKind, equipment, building, closed: [], taken: [],
    capacity: CAPACITIES.find((capacity) => capacity >= draft.size) ?? draft.size,
  };
  rooms.push(room);
  return room;
}

/** Slots in which a room is closed, and slots that others have, some in odd or even weeks only; among those in which nobody is in it. */
function shut(random: Random, calendar: Calendar, busy: Occupation, room: string): Pick<Room, 'closed' | 'taken'> {
  const closed: Slot[] = [];
  const taken: Slot[] = [];
  for (let day = 0; day < calendar.days; day += 1) {
    for (let period = 0; period < calendar.periods; period += 1) {
      const isFree = Array.from({ length: calendar.weeks }, (_, week) => busy.isFree(room, [slotNumber(calendar, week, day, period)]));
      if (isFree.every(Boolean) && happens(random, CLOSED)) closed.push({ day, period, week: 'every' });
      else if (isFree.every(Boolean) && happens(random, TAKEN)) taken.push({ day, period, week: 'every' });
      else if (isFree[0] === true && calendar.weeks === 2 && happens(random, TAKEN)) taken.push({ day, period, week: 'odd' });
    }
  }
  return { closed, taken };
}
