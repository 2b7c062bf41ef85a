// Folders that are there completely or not at all.
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';

/** Lets the work fill a fresh folder beside the wanted one, and renames it when the work has succeeded. */
export async function fillAside(folder, work) {
  const aside = `${folder}.new`;
  rmSync(aside, { recursive: true, force: true });
  mkdirSync(aside, { recursive: true });
  mkdirSync(dirname(folder), { recursive: true });
  await work(aside);
  rmSync(folder, { recursive: true, force: true });
  renameSync(aside, folder);
}
