// Every route that names a permission × every role × what it reaches and what not: exactly what the table of roles says.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { HTTPMethods } from 'fastify';
import type { Person, Role } from '../../services/context.ts';
import { personById } from '../../services/links.ts';
import { type Permission, permissions, type Reach } from '../../services/permissions.ts';
import { NOW, startTestApi, type TestApi } from './harness.ts';
import { roleRequests, type RoleRequest } from './role-requests.ts';
import { addFlagsAndAppeals, addLeave, addOtherInstitution, addRounds, addTimetables, isWithin, type Subject, type SubjectKind, subjectsOf } from './role-subjects.ts';

const ROLES = ['student', 'cr', 'faculty', 'hod', 'admin', 'registrar'] as const satisfies Role[];

let campus: TestApi;
let described: Map<string, Permission>;
const subjects = new Map<SubjectKind, Subject[]>();
const people = new Map<Role, Person[]>();
beforeAll(async () => {
  campus = await startTestApi();
  await addOtherInstitution(campus.campus.db, NOW.plus({ days: 2 }).toJSDate());
  await addFlagsAndAppeals(campus.campus.db);
  await addLeave(campus.campus.db);
  await addRounds(campus.campus.db);
  await addTimetables(campus.campus.db);
  for (const kind of ['student', 'department', 'section', 'assignment', 'session', 'flag', 'appeal', 'leave', 'round', 'job', 'timetable'] as const) subjects.set(kind, await subjectsOf(campus.campus.db, kind));
  for (const role of ROLES) {
    const found = await Promise.all((await campus.usersOf(role)).map((userId) => personById(campus.context, userId)));
    people.set(role, found.flatMap((person) => (person?.email.endsWith('@campus.example') ? [person] : [])));
  }
  const { paths } = (await campus.api.inject('/openapi.json')).json<{ paths: Record<string, Record<string, { 'x-permission'?: Permission }>> }>();
  described = new Map(Object.entries(paths).flatMap(([path, methods]) => Object.entries(methods).flatMap(([method, operation]) => {
    const permission = operation['x-permission'];
    return permission === undefined ? [] : [[`${method.toUpperCase()} ${path}`, permission] as const];
  })));
});
afterAll(() => campus.close());

const nothing: Subject = { id: '', organisationId: 0, departmentId: 0, sectionId: null, studentId: null, facultyIds: [] };

/** Somebody of the role with something that the reach has and something that it hasn't; anybody, where the role may not at all. */
function caseFor(role: Role, reach: Reach | undefined, kind: SubjectKind | null): { actor: Person; within: Subject; beyond: Subject | undefined } {
  const [anybody] = people.get(role)!;
  if (kind === null) return { actor: anybody!, within: nothing, beyond: undefined };
  const all = subjects.get(kind)!;
  for (const actor of people.get(role)!) {
    const within = all.find((subject) => (reach ? isWithin(reach, actor, subject) : subject.organisationId === actor.organisationId));
    // The nearest that is out of reach: of the own institution, where there is one.
    const beyond = reach && all.find((subject) => !isWithin(reach, actor, subject));
    if (within && (beyond || !reach)) return { actor, within, beyond };
  }
  throw new Error(`no ${kind} that a ${role} reaches, and one that is out of reach (${reach})`);
}

async function outcome(name: string, request: RoleRequest, actor: Person | null, subject: Subject): Promise<string> {
  const options = { method: name.split(' ')[0] as HTTPMethods, ...request.ask(subject) };
  const answer = actor ? await campus.as(actor.userId, options) : await campus.api.inject(options);
  const code = answer.statusCode < 300 ? null : answer.json<{ error: { code: string } }>().error.code;
  return code === null || request.mayRefuse?.includes(code) ? 'let in' : `${answer.statusCode} ${code}`;
}

describe('A2 the table of roles holds at every route', () => {
  test('every route that names a permission is asked here, and no other', () => {
    expect(Object.keys(roleRequests).toSorted()).toEqual([...described.keys()].toSorted());
  });

  test.each(Object.entries(roleRequests))('%s', async (name, request) => {
    const permission = described.get(name)!;
    const granted: Partial<Record<Role, Reach>> = permissions[permission];
    const found: Record<string, string> = {};
    const expected: Record<string, string> = { nobody: '401 not-signed-in' };
    found['nobody'] = await outcome(name, request, null, caseFor('admin', 'campus', request.about).within);
    for (const role of ROLES) {
      const reach = granted[role];
      const { actor, within, beyond } = caseFor(role, reach, request.about);
      expected[`${role}, own`] = reach ? 'let in' : '403 not-allowed';
      if (beyond) expected[`${role}, other`] = '404 not-found';
      // First what isn't reached: it must not depend on what a right request leaves behind.
      if (beyond) found[`${role}, other`] = await outcome(name, request, actor, beyond);
      found[`${role}, own`] = await outcome(name, request, actor, within);
    }
    expect(found).toEqual(expected);
  });
});

describe('A4 whose things are asked for', () => {
  test.each(Object.entries(roleRequests).filter(([, request]) => request.about === 'student'))('%s: a student who does not exist is as far away as another’s', async (name, request) => {
    for (const role of ROLES) {
      if (!(permissions[described.get(name)!] as Partial<Record<Role, Reach>>)[role]) continue;
      expect([role, await outcome(name, request, people.get(role)![0]!, { ...nothing, id: 'S000000' })]).toEqual([role, '404 not-found']);
    }
  });
});
