// A sheet of subjects → what is taught (A5, A6).
import { assignedFrom } from '../../db/repositories/curriculum.ts';
import { allSubjects, insertSubjects, type SubjectRecord, updateSubjects } from '../../db/repositories/records.ts';
import { duplicates } from '../../domain/uploads/rows.ts';
import { goodRows, mayWrite, nothing, type Outcome, rowsOf, type Scene } from './scene.ts';

export async function uploadSubjects(scene: Scene): Promise<Outcome> {
  const { trx, institution, form, today } = scene;
  const { rows, issues, headings, ignored } = rowsOf('subjects', scene);
  issues.push(...duplicates(rows, ({ code }) => code, headings.get('code')!));
  if (!mayWrite(scene, issues)) return { ...nothing, ignored, issues, written: false };

  const good = goodRows(rows, issues);
  const known = new Map((await allSubjects(trx, institution.id)).map((subject) => [subject.code, subject]));
  const created = good.filter(({ code }) => !known.has(code));
  const changed = good.flatMap(({ code, mnemonic, name, type }) => {
    const before = known.get(code);
    const after = { code, mnemonic, name, type, active: true };
    return before && differs(before, after) ? [{ ...after, id: before.id }] : [];
  });
  await insertSubjects(trx, institution.id, created);
  await updateSubjects(trx, changed);
  let missing: SubjectRecord[] = [];
  let kept = 0;
  if (form.replace && issues.length === 0) {
    const inFile = new Set(rows.map(({ code }) => code));
    const taught = new Set((await assignedFrom(trx, institution.id, today)).map(({ subjectId }) => subjectId));
    const absent = [...known.values()].filter(({ code, active }) => active && !inFile.has(code));
    missing = absent.filter(({ id }) => !taught.has(id));
    kept = absent.length - missing.length;
    await updateSubjects(trx, missing.map((subject) => ({ ...subject, active: false })));
  }
  return {
    ...nothing, ignored, issues, written: true, created: created.length, updated: changed.length,
    unchanged: good.length - created.length - changed.length, ended: missing.length, kept,
  };
}

function differs(before: SubjectRecord, after: Omit<SubjectRecord, 'id'>): boolean {
  return (['mnemonic', 'name', 'type', 'active'] as const).some((field) => before[field] !== after[field]);
}
