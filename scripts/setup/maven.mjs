// Running Maven without the empty, coloured lines that it writes even when quiet.
import { stripVTControlCharacters } from 'node:util';
import { run, say } from './commands.mjs';

/** Runs goals of Maven's dependency plugin in a folder. Throws when Maven fails. */
export function maven(args, { cwd, env }) {
  const onLine = (line) => {
    if (stripVTControlCharacters(line).trim() !== '') say(line);
  };
  return run('mvn', ['-q', '-B', ...args], { cwd, env, onLine });
}
