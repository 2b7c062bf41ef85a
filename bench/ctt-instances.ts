// Instances like those of ITC-2007 track 3, drawn at random around a timetable that breaks nothing: the solver is tuned on them too.
import type { CttInstance } from '../domain/timetabling/ctt.ts';
import { Random } from '../domain/timetabling/random.ts';

/** An instance of a size, density and tightness that the seed decides: 30 to 130 courses, 5 to 20 rooms, 5 or 6 days of 4 to 9 periods. */
export function drawInstance(seed: number): CttInstance {
  const random = new Random(seed);
  const between = (least: number, most: number) => least + random.below(most - least + 1);
  const days = between(5, 6);
  const periodsPerDay = between(4, 9);
  const slots = days * periodsPerDay;
  const courseCount = between(30, 130);
  const teachers = Math.ceil(courseCount * between(60, 100) / 100);
  const lectures = Array.from({ length: courseCount }, () => Math.min(between(1, 3) + between(1, 4), slots >> 2));
  const total = lectures.reduce((sum, count) => sum + count, 0);
  const roomCount = Math.ceil(total / slots / (between(55, 90) / 100));
  const teacherOf = lectures.map((_, course) => (course < teachers ? course : random.below(teachers)));

  // Curricula of a year of a programme: some courses of its own, some shared with those beside it.
  const curricula: number[][] = [];
  const programmes = Math.max(3, Math.round(courseCount / between(5, 8)));
  for (let programme = 0; programme < programmes; programme++) {
    const near = () => (Math.floor(courseCount * programme / programmes) + random.below(Math.ceil(courseCount * 1.4 / programmes) + 1)) % courseCount;
    for (let i = between(1, 8); i > 0; i--) {
      const members = [...new Set(Array.from({ length: between(3, 9) }, near))];
      while (members.reduce((sum, course) => sum + lectures[course]!, 0) > slots * 0.75) members.pop();
      if (members.length > 0) curricula.push(members);
    }
  }

  const placed = timetableOf(random, { slots, roomCount, lectures, teacherOf, curricula });
  const kept = lectures.map((_, course) => course).filter((course) => placed[course]!.size > 0);
  const numberOf = new Map(kept.map((course, number) => [course, number]));
  const courses = kept.map((course, number) => ({
    id: `c${String(number + 1).padStart(3, '0')}`, teacher: `t${teacherOf[course]!}`, lectures: placed[course]!.size,
    minWorkingDays: Math.min(days, Math.max(1, placed[course]!.size - random.below(3))),
    students: between(5, 30) + (random.below(4) === 0 ? between(10, 120) : between(0, 50)),
  }));
  const unavailable = kept.flatMap((course, number) => {
    const closed = random.below(100) < between(40, 80) ? between(1, Math.floor(slots * 0.5)) : 0;
    return Array.from({ length: slots }, (_, slot) => slot).filter((slot) => !placed[course]!.has(slot) && random.below(slots) < closed)
      .map((slot) => ({ course: number, day: Math.floor(slot / periodsPerDay), period: slot % periodsPerDay }));
  });
  return {
    name: `drawn-${seed}`, days, periodsPerDay, courses,
    rooms: Array.from({ length: roomCount }, (_, i) => ({ id: `R${i + 1}`, capacity: i < 2 ? 200 : between(2, 12) * 10 })),
    curricula: curricula.map((members, i) => ({ id: `q${i + 1}`, courses: members.flatMap((course) => numberOf.get(course) ?? []) })), unavailable,
  };
}

/**
 * Slots of each course's lectures: no course, teacher or curriculum twice at once, no more lectures at once than rooms. What finds no slot is left out.
 */
function timetableOf(
  random: Random, { slots, roomCount, lectures, teacherOf, curricula }: { slots: number; roomCount: number; lectures: number[]; teacherOf: number[]; curricula: number[][] },
): Set<number>[] {
  const against = lectures.map(() => new Set<number>());
  for (const members of curricula) for (const one of members) for (const other of members) against[one]!.add(other);
  teacherOf.forEach((teacher, one) => teacherOf.forEach((its, other) => { if (its === teacher) against[one]!.add(other); }));
  const running = new Int32Array(slots);
  const busy = lectures.map(() => new Set<number>());
  lectures.forEach((count, course) => {
    const order = Array.from({ length: slots }, (_, slot) => slot);
    for (let i = slots - 1; i > 0; i--) {
      const j = random.below(i + 1);
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    for (const slot of order) {
      if (busy[course]!.size === count) break;
      if (running[slot]! >= roomCount || [...against[course]!].some((other) => busy[other]!.has(slot))) continue;
      busy[course]!.add(slot);
      running[slot]! += 1;
    }
  });
  return busy;
}
