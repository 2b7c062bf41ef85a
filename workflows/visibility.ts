// What admins see of a workflow in Temporal's UI: search attributes, and in words what it waits for. Ids and words of ours
// only, never a person's name.
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import { searchAttributes } from '../domain/processes/index.ts';

const keyword = (name: string) => defineSearchAttributeKey(name, SearchAttributeType.KEYWORD);

const [KIND, DEPARTMENT, STATUS] = [keyword(searchAttributes[0]), keyword(searchAttributes[1]), keyword(searchAttributes[2])];

/**
 * Shows where a workflow stands.
 * @param details Markdown: what it has done and what it waits for
 */
export function show(kind: string, status: string, details: string, departmentId: number | null = null): void {
  upsertSearchAttributes([
    { key: KIND, value: kind },
    { key: STATUS, value: status },
    ...(departmentId === null ? [] : [{ key: DEPARTMENT, value: String(departmentId) }]),
  ]);
  setCurrentDetails(details);
}
