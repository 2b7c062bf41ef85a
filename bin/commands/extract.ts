// `beadle extract`: finds the interviews in mails given as files or as JSON lines. This is what quality is measured with.
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Command } from 'commander';
import { z } from 'zod';
import { createLanguageModel } from '../../activities/language-model.ts';
import { authenticityOf, confidenceOf } from '../../domain/interviews/authenticity.ts';
import type { AskModel } from '../../domain/interviews/model-question.ts';
import { mailFromFields, parseMail } from '../../domain/interviews/parse-mail.ts';
import { extract, forPerson } from '../../domain/interviews/pipeline.ts';
import type { ParsedMail, Person } from '../../domain/interviews/types.ts';

/** What the command needs from the settings. Without `openai`, calendar parts, markup and rules do the whole work. */
export interface ExtractSettings { openai?: { apiKey: string; baseURL?: string; model: string }; timeZone: string; locale: string; authservId: string }

const lineSchema = z.object({
  id: z.union([z.string(), z.number()]),
  raw: z.string().optional(),
  from: z.string().optional(), to: z.string().optional(), date: z.string().optional(), subject: z.string().optional(),
  text: z.string().nullish().transform((text) => text ?? undefined),
  html: z.string().nullish().transform((html) => html ?? undefined),
  ics: z.string().nullish().transform((ics) => ics ?? undefined),
  userTimezone: z.string().optional(),
  rollNumber: z.string().optional(),
});

interface Options { jsonl?: boolean; rulesOnly?: boolean; timeZone: string; locale: string; authservId: string }

/** The mailbox owner as far as the mail itself tells: its first recipient. */
function ownerOf(mail: ParsedMail, timeZone: string, rollNumber?: string): Person {
  const first = mail.to[0];
  return { name: first?.name ?? '', email: first?.address ?? '', timeZone, ...(rollNumber ? { rollNumber } : {}) };
}

async function interviewIn(mail: ParsedMail, person: Person, options: Options, askModel: AskModel | undefined) {
  const found = await extract(mail, person, { timeZone: options.timeZone, locale: options.locale }, askModel ? { askModel } : {});
  if (!found.found) return null;
  const meant = forPerson(found, person);
  if (meant.meant === 'no') return null;
  const { kind, company, role, start, end, timeZone, location, link, source, evidence } = meant.finding;
  const confidence = confidenceOf(meant.finding.confidence, authenticityOf(mail.authenticationResults, mail.from.address, options.authservId));
  return { kind, company, role, start, end, timeZone, location, link, audience: found.audience.kind, confidence, source, evidence };
}

function validZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

function print(line: unknown): Promise<void> {
  return new Promise((resolve) => { process.stdout.write(`${JSON.stringify(line)}\n`, () => resolve()); });
}

async function fromLines(options: Options, askModel: AskModel | undefined): Promise<void> {
  let number = 0;
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    number += 1;
    if (!line.trim()) continue;
    let id: unknown = null;
    try {
      const json: unknown = JSON.parse(line);
      if (typeof json === 'object' && json !== null && 'id' in json) id = json.id;
      const fields = lineSchema.parse(json);
      const mail = fields.raw === undefined ? mailFromFields(fields) : await parseMail(Buffer.from(fields.raw, 'utf8'));
      const zone = fields.userTimezone && validZone(fields.userTimezone) ? fields.userTimezone : options.timeZone;
      await print({ id: fields.id, interview: await interviewIn(mail, ownerOf(mail, zone, fields.rollNumber), options, askModel) });
    } catch (error) {
      const reason = error instanceof z.ZodError ? z.prettifyError(error).replace(/\n\s*/g, ' ') : error instanceof Error ? error.message : String(error);
      process.stderr.write(`line ${number}: ${reason}\n`);
      process.exitCode = 2;
      await print({ id, interview: null, error: reason });
    }
  }
}

async function fromFiles(files: string[], options: Options, askModel: AskModel | undefined): Promise<void> {
  for (const file of files) {
    try {
      const mail = await parseMail(await readFile(file));
      await print({ id: file, interview: await interviewIn(mail, ownerOf(mail, options.timeZone), options, askModel) });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      process.stderr.write(`${file}: ${reason}\n`);
      process.exitCode = 2;
      await print({ id: file, interview: null, error: reason });
    }
  }
}

/** `beadle extract FILE.eml…` or `beadle extract --jsonl` on standard input; one JSON object a line on standard output, exit code 2 when an input could not be read. */
export function extractCommand(settings: ExtractSettings): Command {
  return new Command('extract')
    .description('find the interviews in mails: one JSON object a line')
    .argument('[files...]', 'raw mails (.eml)')
    .option('--jsonl', 'read JSON lines from standard input: id, and raw or from, to, date, subject, text, html, ics')
    .option('--rules-only', 'never ask the language model')
    .option('--time-zone <zone>', 'the campus\'s time zone', settings.timeZone)
    .option('--locale <locale>', 'the campus\'s locale: decides how 03/02 is read', settings.locale)
    .action(async (files: string[], given: Omit<Options, 'authservId'>, command: Command) => {
      const options: Options = { ...given, authservId: settings.authservId };
      if (!validZone(options.timeZone)) command.error(`unknown time zone ${options.timeZone}`, { exitCode: 2 });
      if (!options.jsonl && files.length === 0) command.error('name a file, or use --jsonl', { exitCode: 2 });
      const askModel = settings.openai && !options.rulesOnly ? createLanguageModel(settings.openai) : undefined;
      await (options.jsonl ? fromLines(options, askModel) : fromFiles(files, options, askModel));
    });
}
