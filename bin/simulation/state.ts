// What a simulation keeps in its folder, so that it goes on where it was: which one it is, and how far it has come.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Progress } from './month.ts';

/** What a simulation is of: another of these is another simulation. */
export interface SimulationOptions {
  students: number;
  drives: number;
  seed: number;
  /** The Monday on which it begins, YYYY-MM-DD. */
  from: string;
}

interface Kept {
  of: SimulationOptions;
  progress: Progress;
}

const pathIn = (folder: string) => join(folder, 'simulation.json');

/** @throws Error when the folder holds another simulation, or can't be read */
export function keptProgress(folder: string, of: SimulationOptions): Progress | undefined {
  let text: string;
  try {
    text = readFileSync(pathIn(folder), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const kept = JSON.parse(text) as Kept;
  if (JSON.stringify(kept.of) !== JSON.stringify(of)) throw new Error(`${folder} holds another simulation (${JSON.stringify(kept.of)}): name another folder by --state, or delete it`);
  return kept.progress;
}

/** Written beside and renamed: a kill never leaves half a file. */
export function keepProgress(folder: string, of: SimulationOptions, progress: Progress): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${pathIn(folder)}.new`, JSON.stringify({ of, progress } satisfies Kept));
  renameSync(`${pathIn(folder)}.new`, pathIn(folder));
}
