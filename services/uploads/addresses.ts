// E-mail addresses in sheets of people: the institution's own, and one person's only.
import type { Trx } from '../../db/connection.ts';
import { usersByEmail } from '../../db/repositories/records.ts';
import type { RowIssue } from '../../domain/uploads/cells.ts';

/** Rows whose address isn't of the institution's domain. */
export function outsideDomain(rows: readonly { row: number; email: string | null }[], domain: string, column: string): RowIssue[] {
  return rows.flatMap(({ row, email }): RowIssue[] =>
    (email === null || email.endsWith(`@${domain.toLowerCase()}`) ? [] : [{ row, column, code: 'email-outside', value: email, details: { domain } }]));
}

/** Rows whose address somebody else has, who isn't given another by the file. */
export async function takenAddresses<Row extends { row: number; id: string }>(
  trx: Trx, rows: readonly Row[], known: ReadonlyMap<string, { userId: number; email: string }>, emailOf: (row: Row) => string, column: string,
): Promise<RowIssue[]> {
  const users = await usersByEmail(trx);
  const readdressed = new Set(rows.flatMap((row) => {
    const before = known.get(row.id);
    return before && before.email.toLowerCase() !== emailOf(row) ? [before.userId] : [];
  }));
  return rows.flatMap((row): RowIssue[] => {
    const owner = users.get(emailOf(row));
    return owner === undefined || owner === known.get(row.id)?.userId || readdressed.has(owner) ? [] : [{ row: row.row, column, code: 'taken', value: emailOf(row) }];
  });
}
