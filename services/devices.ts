// The one device with which a student marks attendance (A3): bound, seen, and reset by an admin.
import type { JWK } from 'jose';
import { insertAudit } from '../db/repositories/audit.ts';
import { bindDevices, type Device, devicesOf, unbindDevice } from '../db/repositories/devices.ts';
import { findStudent, type StudentOfSection } from '../db/repositories/people.ts';
import { Refusal } from '../domain/refusal.ts';
import { requirePermission, requireReach } from './access.ts';
import type { Person, ServiceContext } from './context.ts';
import { appDevice, keyDevice } from './device-claims.ts';
import type { Permission } from './permissions.ts';

export type { Device };

/** What a device is known by: an app's opaque id, or a key pair, whose holder signs that it is this student's. */
export type DeviceProof = { bindingId: string } | { publicKey: JWK; proof: string };

/**
 * Binds a device to a student who has none; the same again changes nothing.
 * @param studentKey students.student_id, in either case
 * @throws Refusal device-bound (the student has another), device-taken (it is another student's), device-proof-wrong
 */
export async function bindDevice(context: ServiceContext, actor: Person, studentKey: string, given: DeviceProof): Promise<Device> {
  const student = await studentFor(context, actor, 'devices.bind', studentKey);
  const device = 'bindingId' in given
    ? appDevice(given.bindingId)
    : await keyDevice(context, given.proof, { student_id: student.studentKey }, given.publicKey);
  return context.db.transaction(async (trx) => {
    await bindDevices(trx, [{ studentId: student.studentId, ...device }], context.now().toJSDate());
    const held = await devicesOf(trx, [student.studentId], [device.hash]);
    const own = held.find(({ studentId }) => studentId === student.studentId);
    if (own?.hash.equals(device.hash)) return own;
    throw new Refusal(own ? 'device-bound' : 'device-taken');
  });
}

/** The device of a student, or null. */
export async function deviceOf(context: ServiceContext, actor: Person, studentKey: string): Promise<Device | null> {
  const student = await studentFor(context, actor, 'devices.see', studentKey);
  return (await devicesOf(context.db.knex, [student.studentId]))[0] ?? null;
}

/** Unbinds a student's device, so that the next one is bound. @returns whether there was one */
export async function resetDevice(context: ServiceContext, actor: Person, studentKey: string): Promise<boolean> {
  const student = await studentFor(context, actor, 'devices.reset', studentKey);
  return context.db.transaction(async (trx) => {
    const was = await unbindDevice(trx, student.studentId);
    if (was) await insertAudit(trx, { userId: actor.userId, action: 'device.reset', subject: `student/${student.studentId}`, details: {} }, context.now().toJSDate());
    return was;
  });
}

async function studentFor(context: ServiceContext, actor: Person, permission: Permission, studentKey: string): Promise<StudentOfSection> {
  requirePermission(actor, permission);
  const student = await findStudent(context.db.knex, actor.organisationId, studentKey.toUpperCase());
  if (!student) throw new Refusal('not-found');
  requireReach(actor, permission, student);
  return student;
}
