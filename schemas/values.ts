// The values that requests and answers are made of, each with a sentence that says what would be right.
import { z } from 'zod';

const MOST_DIGITS = 15;

/** A row's id in a path or query: digits on the wire, a number inside. */
export const idInPath = z
  .string('must be a whole number from 1')
  .regex(new RegExp(`^[1-9]\\d{0,${MOST_DIGITS - 1}}$`), 'must be a whole number from 1')
  .transform(Number)
  .meta({ type: 'integer', minimum: 1, maximum: 10 ** MOST_DIGITS - 1, pattern: undefined });

/** A place in a list of ids: 0 is before the first. */
export const cursorInQuery = z
  .string('must be one whole number from 0')
  .regex(new RegExp(`^(0|[1-9]\\d{0,${MOST_DIGITS - 1}})$`), 'must be a whole number from 0')
  .optional()
  .transform((text) => Number(text ?? 0))
  .meta({ type: 'integer', minimum: 0, maximum: 10 ** MOST_DIGITS - 1, pattern: undefined });

/** A student's own id, as the institution gives it, such as S230001; in either case. */
export const studentKey = z.string().regex(/^[\w./-]{1,20}$/, 'must be a student’s id such as S230001');

/** A row's id in a body or an answer. */
export const id = z.int('must be a whole number from 1').min(1, 'must be a whole number from 1');

/** An instant, ISO 8601 in UTC. */
export const instant = z.iso.datetime();

const [FIRST_YEAR, LAST_YEAR] = ['2000', '2199'];

/** An instant that somebody asks for, with its offset: inside the years that a campus's calendar has. */
export const instantInQuery = z.iso
  .datetime({ offset: true, error: 'must be an instant such as 2027-01-31T09:00:00+05:30' })
  .refine((text) => text.slice(0, 4) >= FIRST_YEAR && text.slice(0, 4) <= LAST_YEAR, `must be in the years ${FIRST_YEAR} to ${LAST_YEAR}`);

/** A day of the campus. */
export const day = z.iso.date();

/** A day that somebody asks for: inside the years that a campus's calendar has. */
export const dayInPath = z.iso
  .date('must be a day such as 2027-01-31')
  .refine((date) => date >= '2000-01-01' && date < '2200-01-01', 'must be a day from 2000-01-01 to 2199-12-31');
