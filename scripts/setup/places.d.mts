// Types of places.mjs for the TypeScript that imports it.
type Environment = Record<string, string | undefined>;
interface Place {
  folder: string;
  program: string;
}
export const TEMPORAL_CLI_VERSION: string;
export const TIME_SKIPPING_SERVER_VERSION: string;
export const MYSQL8_ARTIFACT: string;
export function cacheFolder(env?: Environment): string;
export function temporalCliPlace(env?: Environment): Place;
export function timeSkippingServerPlace(env?: Environment): Place;
export function mysql8Place(env?: Environment): Place;
export function isProgram(path: string): boolean;
export function findProgram(names: string[], options?: { env?: Environment; also?: string[] }): string | undefined;
export function serverFolders(env?: Environment): string[];
