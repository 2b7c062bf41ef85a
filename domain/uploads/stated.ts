// What a sheet states against what there is, where what it says of an owner (a subject, a person, the campus) is all that there is of it.

export interface Statement {
  /** Whose it is. */
  readonly owner: string;
  /** Tells the owner's statements apart. */
  readonly key: string;
  /** The rest of it. */
  readonly content: string;
}

interface Stated<Row> {
  created: Row[];
  changed: { id: number; row: Row }[];
  /** What the sheet's owners have besides; with `all`, also what others have. */
  missing: number[];
}

/** Rows and what is known are each other's by owner and key. Carried out, the same rows change nothing. */
export function stated<Row extends Statement>(
  known: readonly (Statement & { readonly id: number })[], rows: readonly Row[], { all }: { all: boolean },
): Stated<Row> {
  const keyOf = ({ owner, key }: Statement) => `${owner}\u0000${key}`;
  const there = new Map(known.map((one) => [keyOf(one), one]));
  const inFile = new Set(rows.map(keyOf));
  const owners = new Set(rows.map(({ owner }) => owner));
  return {
    created: rows.filter((row) => !there.has(keyOf(row))),
    changed: rows.flatMap((row) => {
      const before = there.get(keyOf(row));
      return before && before.content !== row.content ? [{ id: before.id, row }] : [];
    }),
    missing: known.filter((one) => !inFile.has(keyOf(one)) && (all || owners.has(one.owner))).map(({ id }) => id),
  };
}
