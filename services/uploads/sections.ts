// Departments and sections that rows name; sections that there aren't yet are made.
import type { Trx } from '../../db/connection.ts';
import { insertSections, sectionIds, sectionKey, type SectionName } from '../../db/repositories/records.ts';
import type { RowIssue } from '../../domain/uploads/cells.ts';

interface Place { row: number; department: string; year: number; section: string }

/** Rows whose department isn't one of the institution's. */
export function unknownDepartments(rows: readonly Pick<Place, 'row' | 'department'>[], departments: ReadonlyMap<string, number>, column: string): RowIssue[] {
  return rows.filter(({ department }) => !departments.has(department)).map(({ row, department }) => ({ row, column, code: 'department-unknown', value: department }));
}

export const nameOf = ({ department, year, section }: Pick<Place, 'department' | 'year' | 'section'>): string => `${department}-${year}${section}`;

/** @returns sections' ids by `sectionKey`, and the names of those that were made */
export async function ensureSections(
  trx: Trx, organisationId: number, places: readonly Omit<Place, 'row'>[], departments: ReadonlyMap<string, number>,
): Promise<{ ids: Map<string, number>; made: string[] }> {
  const known = await sectionIds(trx, organisationId);
  const wanted = new Map<string, SectionName & { name: string }>();
  for (const place of places) {
    const section = { departmentId: departments.get(place.department)!, year: place.year, section: place.section };
    if (!known.has(sectionKey(section))) wanted.set(sectionKey(section), { ...section, name: nameOf(place) });
  }
  if (wanted.size === 0) return { ids: known, made: [] };
  await insertSections(trx, [...wanted.values()]);
  return { ids: await sectionIds(trx, organisationId), made: [...wanted.values()].map(({ name }) => name).sort() };
}
