// What the searches of a job look at: the campus as it was when the job began, and placements as they are kept. All of it once, in MySQL,
// so that whoever goes on with a search sees the same.
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Knex } from 'knex';
import { inputOf, keepInput } from '../../db/repositories/generation-jobs.ts';
import type { Trx } from '../../db/connection.ts';
import type { Placement } from '../../domain/timetabling/problem.ts';
import type { University } from '../../domain/timetabling/university.ts';

export interface SearchInput {
  university: University;
  /** Ids of classes that are searched together; each class is in one part. */
  clusters: string[][];
}

const pack = (value: unknown): Buffer => gzipSync(JSON.stringify(value));
const unpack = <Value>(bytes: Buffer): Value => JSON.parse(gunzipSync(bytes).toString()) as Value;

export async function keepSearchInput(trx: Trx, jobId: string, { university, clusters }: SearchInput): Promise<void> {
  await keepInput(trx, jobId, { university: pack(university), clusters: pack(clusters) });
}

/** Undefined once the job has ended, or before it was begun. */
export async function searchInputOf(knex: Knex, jobId: string): Promise<SearchInput | undefined> {
  const input = await inputOf(knex, jobId);
  return input && { university: unpack(input.university), clusters: unpack(input.clusters) };
}

/** Slots, then rooms, as little-endian 32-bit numbers. */
export function encodePlacement({ slot, room }: Placement): Buffer {
  const bytes = Buffer.alloc(8 * slot.length);
  slot.forEach((value, event) => bytes.writeInt32LE(value, 4 * event));
  room.forEach((value, event) => bytes.writeInt32LE(value, 4 * (slot.length + event)));
  return bytes;
}

export function decodePlacement(bytes: Buffer): Placement {
  const events = bytes.length / 8;
  const at = (first: number) => Int32Array.from({ length: events }, (_, event) => bytes.readInt32LE(4 * (first + event)));
  return { slot: at(0), room: at(events) };
}
