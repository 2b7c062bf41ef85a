// The one device with which a student marks attendance (A3).
import type { Knex } from 'knex';
import type { Trx } from '../connection.ts';

export interface Device {
  studentId: number;
  kind: 'app' | 'key' | 'chat';
  /** SHA-256 of the app's id, the key's thumbprint or the chat. */
  hash: Buffer;
  /** Of a key pair: the public JWK, as JSON. */
  publicKey: string | null;
  boundAt: Date;
}

const COLUMNS = { studentId: 'student_id', kind: 'kind', hash: 'device_hash', publicKey: 'public_key', boundAt: 'bound_at' } as const;

/** The devices of these students, and those with these hashes, whosesoever. */
export async function devicesOf(knex: Knex, studentIds: number[], hashes: Buffer[] = []): Promise<Device[]> {
  if (studentIds.length + hashes.length === 0) return [];
  return knex('devices').whereIn('student_id', studentIds).orWhereIn('device_hash', hashes).select(COLUMNS);
}

/** Binds devices to students that have none. Where a student or a device is taken already, the older binding stands. */
export async function bindDevices(trx: Trx, devices: Omit<Device, 'boundAt'>[], now: Date): Promise<void> {
  if (devices.length === 0) return;
  await trx('devices').insert(devices.map(({ studentId, kind, hash, publicKey }) =>
    ({ student_id: studentId, kind, device_hash: hash, public_key: publicKey, bound_at: now }))).onConflict().ignore();
}

/** @returns whether the student had one */
export async function unbindDevice(trx: Trx, studentId: number): Promise<boolean> {
  return (await trx('devices').where({ student_id: studentId }).delete()) > 0;
}
