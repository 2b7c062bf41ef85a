// The documentation says what is so: its links lead somewhere, its commands exist, its import rules are the linter's.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';

const project = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(join(project, path), 'utf8');
const documents = ['README.md', ...readdirSync(join(project, 'docs'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`)];
const readme = read('README.md');

describe('the documentation', () => {
  test.each(documents)('links of %s lead to what is there', (document) => {
    const targets = [...read(document).matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, target]) => target!);
    for (const target of targets) expect([target, existsSync(join(project, dirname(document), target))]).toEqual([target, true]);
  });

  test.each(documents)('files that %s names by their path are there', (document) => {
    const named = [...read(document).matchAll(/`([\w-]+\/[\w./-]+\.(?:ts|mjs|json|yml|md))`/g)].map(([, path]) => path!);
    for (const path of named) expect([path, existsSync(join(project, path))]).toEqual([path, true]);
  });

  test('README.md names every command of the command line, and no other', () => {
    const commands = readdirSync(join(project, 'bin/commands')).flatMap((name) =>
      [...read(`bin/commands/${name}`).matchAll(/(?:program\s*\.command|new Command)\('([\w-]+)'\)/g)].map(([, command]) => command!));
    const [, section] = readme.split('## The command line');
    const named = [...section!.split('\n## ')[0]!.matchAll(/^\| `([\w-]+)/gm)].map(([, command]) => command!);
    expect(new Set(named)).toEqual(new Set(commands));
  });

  test('npm scripts that README.md uses exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const used = [...readme.matchAll(/npm (?:run (?:--silent )?)?(start|test|setup|beadle|bench)\b/g)].map(([, script]) => script!);
    for (const script of used) expect(Object.keys(scripts)).toContain(script);
  });

  test('decisions are numbered without gaps and have the same parts', () => {
    const decisions = readdirSync(join(project, 'docs/decisions')).toSorted((a, b) => a.localeCompare(b));
    decisions.forEach((name, index) => {
      const number = String(index + 1).padStart(4, '0');
      expect(name.slice(0, 5)).toBe(`${number}-`);
      expect(read(`docs/decisions/${name}`)).toMatch(new RegExp(`^# ${number}\\. .+\\n\\nStatus: \\w+[^]*\\n## Context\\n[^]*\\n## Decision\\n[^]*\\n## Consequences\\n`));
    });
  });
});

interface Override {
  files: string[];
  rules: Record<string, unknown>;
}

/** "domain and types of activities" as a set of its parts. */
function roomsIn(sentence: string): Set<string> {
  return new Set(sentence.replace('nothing else', 'nothing').split(/, | and /).map((part) => part.trim()));
}

describe('who may import whom', () => {
  const { overrides } = JSON.parse(read('.oxlintrc.json')) as { overrides: Override[] };
  const rules = new Map([...JSON.stringify(overrides).matchAll(/"message":"(\w+)\/ may import only from: ([^(]+) \(docs/g)].map(([, room, allowed]) => [room!, roomsIn(allowed!)]));
  const rows = [...read('docs/architecture.md').matchAll(/^\| `(\w+)\/` \|.*\| ([^|]+) \|$/gm)].map(([, room, allowed]) => [room!, allowed!] as const);

  test('docs/architecture.md says of every room what the linter checks', () => {
    const described = new Map(rows.map(([room, allowed]) => [room, roomsIn(allowed)]));
    expect(rules.size).toBeGreaterThan(5);
    expect(Object.fromEntries(described)).toEqual(Object.fromEntries(rules));
  });
});
