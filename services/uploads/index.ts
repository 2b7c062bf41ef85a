// Uploads of sheets (A6): one transaction each, in which everything is written or nothing.
import writeXlsxFile from 'write-excel-file/node';
import { insertAudit } from '../../db/repositories/audit.ts';
import { lockInstitution } from '../../db/repositories/records.ts';
import { Refusal } from '../../domain/refusal.ts';
import { key, year } from '../../domain/uploads/cells.ts';
import { sheetKinds, type SheetKind } from '../../domain/uploads/kinds.ts';
import { requirePermission } from '../access.ts';
import { campusDay } from '../campus-day.ts';
import type { Person, ServiceContext } from '../context.ts';
import { sessionsWanted } from '../intents.ts';
import { uploadAssignments } from './assignments.ts';
import { uploadDefaultSchedules } from './default-schedules.ts';
import { uploadFaculties } from './faculties.ts';
import { type Outcome, type Scene, type UploadForm } from './scene.ts';
import { sheetOf } from './sheets.ts';
import { uploadFacultyTimes, uploadPeriods, uploadSubjectParts } from './planning.ts';
import { uploadStudents } from './students.ts';
import { uploadSubjects } from './subjects.ts';

export type { Outcome } from './scene.ts';
export const uploadKinds = Object.keys(sheetKinds) as SheetKind[];

const takers: Record<SheetKind, (scene: Scene) => Promise<Outcome>> = {
  students: uploadStudents, faculties: uploadFaculties, subjects: uploadSubjects, 'faculty-assignments': uploadAssignments,
  'default-schedules': uploadDefaultSchedules, periods: uploadPeriods, 'subject-parts': uploadSubjectParts, 'faculty-times': uploadFacultyTimes,
};

/** With them, the sessions to come change. */
const ofSessions: readonly SheetKind[] = ['faculties', 'faculty-assignments', 'default-schedules'];

/**
 * Takes a sheet's rows over. Without `partial` nothing is written when a row is wrong: its outcome says which and why. The same file
 * again changes nothing. What has happened stays: by `replace`, who or what is missing is ended as of today, never deleted.
 * @param readForm gives the file and the form's fields (year, department, replace, partial) as text; not asked of who may not
 * @throws Refusal not-allowed; what is wrong with the file as a whole; term-missing; bad-request with the form's field
 */
export async function uploadSheet(
  context: ServiceContext, actor: Person, kind: SheetKind, readForm: () => Promise<{ bytes: Buffer; fields: ReadonlyMap<string, string> }>,
): Promise<Outcome> {
  requirePermission(actor, 'records.upload');
  const { bytes, fields } = await readForm();
  const form = formOf(fields);
  const sheet = await sheetOf(bytes);
  return context.db.transaction(async (trx) => {
    const institution = await lockInstitution(trx, actor.organisationId);
    const outcome = await takers[kind]({ trx, context, institution, sheet, form, today: campusDay(context) });
    const { created, updated, ended } = outcome;
    if (created + updated + ended > 0) {
      await insertAudit(trx, {
        userId: actor.userId, action: `${kind}.upload`, subject: `organisation/${institution.id}`, details: { created, updated, ended, replace: form.replace },
      }, context.now().toJSDate());
      if (ofSessions.includes(kind)) await sessionsWanted(trx, institution.id, context.now().toJSDate());
    }
    return outcome;
  });
}

function formOf(fields: ReadonlyMap<string, string>): UploadForm {
  const value = <Value>(name: string, read: (text: string) => { value: Value } | { code: string }): Value | undefined => {
    const text = fields.get(name)?.trim() ?? '';
    if (text === '') return undefined;
    const reading = read(text);
    if ('code' in reading) throw new Refusal('bad-request', { field: name });
    return reading.value;
  };
  const flag = (text: string) => (/^(?:true|false)$/i.test(text) ? { value: text.toLowerCase() === 'true' } : { code: 'bad-request' });
  return { year: value('year', year), department: value('department', key()), replace: value('replace', flag) ?? false, partial: value('partial', flag) ?? false };
}

/** An .xlsx with a kind's headings and a row that shows what goes into them. @throws Refusal not-allowed */
export async function templateOf(actor: Person, kind: SheetKind): Promise<Buffer> {
  requirePermission(actor, 'records.upload');
  const columns = Object.values(sheetKinds[kind]);
  const sheet = [
    columns.map(({ title }) => ({ value: title, fontWeight: 'bold' as const })),
    columns.map(({ example }) => ({ value: example })),
  ];
  return writeXlsxFile(sheet).toBuffer();
}
