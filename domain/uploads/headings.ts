// Which column of a sheet is which: headings in any order and case, with the usual synonyms.
import { type Cell, textOf } from './cells.ts';

export interface Heading {
  /** As the template has it. */
  title: string;
  synonyms: readonly string[];
}

export interface MatchedHeadings<Name extends string> {
  /** Where each column is, from 0. */
  positions: ReadonlyMap<Name, number>;
  /** Columns for which the sheet has two. */
  twice: Name[];
  /** Headings that mean nothing here: their columns are not read. */
  ignored: string[];
}

/** A heading without what people write differently: case, spaces, signs. */
export function headingKey(heading: string): string {
  return heading.normalize('NFKD').toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

/** Finds the columns in a row of headings. */
export function matchHeadings<Name extends string>(row: readonly Cell[], columns: Readonly<Record<Name, Heading>>): MatchedHeadings<Name> {
  const meant = new Map<string, Name>();
  for (const name of Object.keys(columns) as Name[]) {
    for (const each of [name, columns[name].title, ...columns[name].synonyms]) meant.set(headingKey(each), name);
  }
  const positions = new Map<Name, number>();
  const twice: Name[] = [];
  const ignored: string[] = [];
  row.forEach((cell, position) => {
    const heading = textOf(cell);
    if (heading === null) return;
    const name = meant.get(headingKey(heading));
    if (name === undefined) ignored.push(heading);
    else if (positions.has(name)) twice.push(name);
    else positions.set(name, position);
  });
  return { positions, twice, ignored };
}
