// Tells whether a process number still means the process it meant when it was written down.
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

/**
 * What distinguishes a living process from any later one with the same number: when it began, in this boot.
 * Undefined when there is no such process (a zombie counts as gone).
 */
export function processIdentity(pid: number): string | undefined {
  if (process.platform === 'linux') return linuxIdentity(pid);
  try {
    const begun = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    return begun === '' ? undefined : begun;
  } catch {
    return undefined;
  }
}

function linuxIdentity(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Fields after the last ')' (the name may contain anything): state is the 3rd field of the file, the start the 22nd.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'X') return undefined;
    // A zombie is over, unless only its first thread is and others still write.
    if (fields[0] === 'Z' && readdirSync(`/proc/${pid}/task`).length <= 1) return undefined;
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot} ${fields[19]}`;
  } catch {
    return undefined;
  }
}
