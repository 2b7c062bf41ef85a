// A university in loosely coupled parts of about equal size, which can be solved side by side.

import { UndirectedGraph } from 'graphology';
import louvain from 'graphology-communities-louvain';
import { studentGroups } from './groups.ts';
import { classesOfFaculty } from './loads.ts';
import type { Random } from './random.ts';
import type { TaughtClass, University } from './university.ts';

/** What sharing a member of the faculty weighs, in shared students; and what a kind of rooms does that is in use all the time. */
const SHARED_FACULTY = 30;
const SHARED_ROOMS = 30;
/** From this part of its time in use on a kind of rooms is scarce. */
const SCARCE = 0.7;
/** How often a part that is too large is looked at more closely before it is just cut. */
const CLOSER_LOOKS = 6;

// The package's types tell of a default export, which in Node is the module itself.
const communitiesOf = louvain as unknown as typeof louvain.default;

/** Classes and what couples them: between any two the sum of what they share. */
export type Couplings = ReadonlyMap<string, ReadonlyMap<string, number>>;

/**
 * Classes (by id) in parts of at most `mostMeetings` meetings a week, but for a class that alone has more: communities by Louvain's method (Blondel
 * and others 2008) on the graph of couplings, those too large divided, the smallest merged with what they share most with. The largest part
 * comes first. The same for the same state of `random`. Throws RangeError when `mostMeetings` is no positive number.
 */
export function clusters(university: University, mostMeetings: number, random: Random): string[][] {
  if (!(mostMeetings > 0)) throw new RangeError(`a part has a positive number of meetings, not ${mostMeetings}`);
  const couplings = couplingsOf(university);
  const meetings = new Map(university.classes.map(({ id, parts }) => [id, parts.reduce((sum, { count }) => sum + count, 0)]));
  const size = (part: readonly string[]) => part.reduce((sum, id) => sum + (meetings.get(id) ?? 0), 0);
  const whole = university.classes.map(({ id }) => id);
  if (size(whole) <= mostMeetings) return [whole];
  const small: string[][] = [];
  const pending = [{ part: whole, resolution: 1 }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { part, resolution } = next;
    if (part.length === 1 || size(part) <= mostMeetings) {
      small.push(part);
      continue;
    }
    const found = resolution > 2 ** CLOSER_LOOKS ? halves(part) : communities(part, couplings, resolution, random);
    pending.push(...found.map((each) => ({ part: each, resolution: 2 * resolution })));
  }
  return merged(small, couplings, size, mostMeetings).sort((a, b) => size(b) - size(a) || compare(a[0] ?? '', b[0] ?? ''));
}

/** What each two classes share: students, faculty, and rooms of a scarce kind as far as few enough classes use it. */
export function couplingsOf(university: University): Couplings {
  const couplings = new Map<string, Map<string, number>>(university.classes.map(({ id }) => [id, new Map()]));
  const couple = (ids: readonly string[], weight: number) => {
    for (const a of ids) {
      const ofA = couplings.get(a);
      if (ofA === undefined) continue;
      for (const b of ids) if (a !== b && couplings.has(b)) ofA.set(b, (ofA.get(b) ?? 0) + weight);
    }
  };
  for (const { classes, students } of studentGroups(university)) couple(classes, Math.max(1, students));
  for (const taught of classesOfFaculty(university).values()) couple(taught.map(({ id }) => id), SHARED_FACULTY);
  for (const { classes, use } of scarceKinds(university)) couple(classes.map(({ id }) => id), (SHARED_ROOMS * use) / classes.length);
  return couplings;
}

/** The weight of all couplings between classes of different parts, as a part of all couplings; 0 when there are none. */
export function cutShare(couplings: Couplings, parts: readonly (readonly string[])[]): number {
  const partOf = new Map(parts.flatMap((part, index) => part.map((id) => [id, index] as const)));
  let all = 0;
  let cut = 0;
  for (const [a, others] of couplings) {
    for (const [b, weight] of others) {
      all += weight;
      if (partOf.get(a) !== partOf.get(b)) cut += weight;
    }
  }
  return all === 0 ? 0 : cut / all;
}

function scarceKinds({ days, periods, rooms, classes }: University): { classes: TaughtClass[]; use: number }[] {
  return [...Map.groupBy(rooms, ({ kind }) => kind)].flatMap(([kind, ofKind]) => {
    const users = classes.filter(({ parts }) => parts.some(({ roomKind }) => roomKind === kind));
    const needed = users.reduce((sum, { parts }) => sum + parts.reduce((all, { roomKind, count, length }) => all + (roomKind === kind ? count * length : 0), 0), 0);
    const use = needed / (ofKind.length * days * periods);
    // What half of the classes need can't keep them in one part.
    return use >= SCARCE && users.length > 1 && users.length <= classes.length / 2 ? [{ classes: users, use }] : [];
  });
}

function communities(part: readonly string[], couplings: Couplings, resolution: number, random: Random): string[][] {
  const graph = new UndirectedGraph();
  const members = new Set(part);
  for (const id of part) graph.addNode(id);
  for (const id of part) {
    for (const [other, weight] of couplings.get(id) ?? []) if (id < other && members.has(other)) graph.addEdge(id, other, { weight });
  }
  const community = communitiesOf(graph, { resolution, rng: () => random.below(1 << 20) / (1 << 20) });
  return [...Map.groupBy(part, (id) => community[id] ?? -1).values()];
}

function halves(part: readonly string[]): string[][] {
  const middle = Math.ceil(part.length / 2);
  return [part.slice(0, middle), part.slice(middle)];
}

/** The smallest part goes to the one that it shares most with for its size, among those with room for it, until none has. */
function merged(parts: readonly string[][], couplings: Couplings, size: (part: readonly string[]) => number, most: number): string[][] {
  const open = parts.map((ids, index) => ({ index, ids, size: size(ids) }));
  const done: string[][] = [];
  const partOf = new Map(open.flatMap((part) => part.ids.map((id) => [id, part] as const)));
  while (open.length > 0) {
    open.sort((a, b) => a.size - b.size || a.index - b.index);
    const smallest = open.shift() as (typeof open)[number];
    const shared = new Map<(typeof open)[number], number>();
    for (const id of smallest.ids) {
      for (const [other, weight] of couplings.get(id) ?? []) {
        const part = partOf.get(other);
        if (part !== undefined && part !== smallest) shared.set(part, (shared.get(part) ?? 0) + weight);
      }
    }
    const affinity = (part: (typeof open)[number]) => (shared.get(part) ?? 0) / part.size;
    const target = open.filter((part) => part.size + smallest.size <= most).reduce<(typeof open)[number] | null>((best, part) => (best === null || affinity(part) > affinity(best) ? part : best), null);
    if (target === null) {
      done.push(smallest.ids);
      continue;
    }
    target.ids = [...target.ids, ...smallest.ids];
    target.size += smallest.size;
    for (const id of smallest.ids) partOf.set(id, target);
  }
  return done;
}

const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));
