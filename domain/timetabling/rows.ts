// Whose days cost something: groups and teachers by week, those with the same events told once.
import { dayCosts } from './day-costs.ts';
import { listOf, type Lists, listsOf, type Problem } from './problem.ts';

/** A group or teacher in a week, or several that have exactly the same events. */
export interface Row {
  groups: number[];
  teachers: number[];
}

export interface Rows {
  rows: Row[];
  /** of kinds */
  kindRows: Lists;
}

/**
 * Rows of the kinds that `samples` stand for. A group or teacher is left out when `counts` says that nothing is to be counted there.
 * A row counts a group once for each week in which it has just these kinds.
 */
export function rowsOf(problem: Problem, samples: readonly number[], counts: { groups: boolean; teachers: boolean }): Rows {
  const byKinds = new Map<string, { row: Row; kinds: number[] }>();
  const add = (owners: number, of: Lists, into: 'groups' | 'teachers') => {
    for (let week = 0; week < problem.weeks; week++) {
      const kindsOf: number[][] = Array.from({ length: owners }, () => []);
      samples.forEach((event, kind) => {
        if ((problem.eventWeeks[event]! >> week & 1) === 1) for (const owner of listOf(of, event)) kindsOf[owner]!.push(kind);
      });
      kindsOf.forEach((kinds, owner) => {
        if (kinds.length === 0) return;
        const key = kinds.join();
        const found = byKinds.get(key);
        if (found) found.row[into].push(owner);
        else byKinds.set(key, { row: { groups: [], teachers: [], [into]: [owner] }, kinds });
      });
    }
  };
  if (counts.groups) add(problem.groups, problem.eventGroups, 'groups');
  if (counts.teachers) add(problem.teachers, problem.eventTeachers, 'teachers');
  const kindRows: number[][] = samples.map(() => []);
  const rows = [...byKinds.values()];
  rows.forEach(({ kinds }, row) => { for (const kind of kinds) kindRows[kind]!.push(row); });
  return { rows: rows.map(({ row }) => row), kindRows: listsOf(kindRows) };
}

export interface DayTables {
  /** [row] where in `dayCost` the costs of its days begin; [busy periods as bits] from there on */
  rowCost: Int32Array;
  dayCost: Int32Array;
}

/** What the days of rows cost. Rows whose days cost the same share a table. */
export function dayTablesOf(problem: Problem, rows: readonly Row[]): DayTables {
  const size = 1 << problem.periodsPerDay;
  const tables: Int32Array[] = [];
  const known = new Map<string, number>();
  const tableOf = rows.map((row) => {
    const prices = pricesOf(problem, row);
    const key = JSON.stringify(prices);
    let table = known.get(key);
    if (table === undefined) {
      table = tables.length;
      const costs = new Int32Array(size);
      for (const price of prices) dayCosts(problem.periodsPerDay, price).forEach((cost, busy) => { costs[busy]! += cost; });
      known.set(key, table);
      tables.push(costs);
    }
    return table;
  });
  const dayCost = new Int32Array(size * tables.length);
  tables.forEach((costs, table) => dayCost.set(costs, table * size));
  return { rowCost: Int32Array.from(tableOf, (table) => table * size), dayCost };
}

/** What a row's days are charged: shapes summed, loads by how much a day may hold. */
function pricesOf({ weights, groupMaxDaily, teacherMaxDaily }: Problem, { groups, teachers }: Row) {
  const loads = new Map<number, number>();
  const charge = (most: number, price: number) => { if (price > 0) loads.set(most, (loads.get(most) ?? 0) + price); };
  for (const group of groups) charge(groupMaxDaily[group]!, weights.groupLoad);
  for (const teacher of teachers) charge(teacherMaxDaily[teacher]!, weights.teacherLoad);
  return [
    { isolated: groups.length * weights.compactness, gap: groups.length * weights.groupGaps + teachers.length * weights.teacherGaps, load: 0, most: 0 },
    ...[...loads].toSorted(([a], [b]) => a - b).map(([most, load]) => ({ isolated: 0, gap: 0, load, most })),
  ];
}
