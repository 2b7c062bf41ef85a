// Dates and times as a person reads them: in their zone and by their locale's customs.
import { DateTime } from 'luxon';

/** Who reads: locale (BCP 47), their zone and the campus's (IANA). */
export interface Reader {
  readonly locale: string;
  readonly timeZone: string;
  readonly campusTimeZone: string;
}

const DAY = { weekday: 'short', day: 'numeric', month: 'short' } as const;
const TIME = { hour: 'numeric', minute: '2-digit' } as const;

/**
 * A time, a span or a whole day, such as "Mon, 23 Nov, 10:00 – 10:50 am". The zone is named where the campus's clocks show
 * another time than the reader's.
 * @param start ISO 8601, or a bare date (YYYY-MM-DD), which is the same day everywhere
 */
export function whenText(reader: Reader, start: string, end: string | null = null): string {
  return isBareDate(start) ? dayText(reader, start) : spanText(reader, start, end, { ...DAY, ...TIME });
}

/** The time of day of a span. */
export function timeText(reader: Reader, start: string, end: string): string {
  return spanText(reader, start, end, TIME);
}

/** @param date YYYY-MM-DD */
export function dayText(reader: Reader, date: string): string {
  return new Intl.DateTimeFormat(reader.locale, { ...DAY, timeZone: 'UTC' }).format(new Date(`${date}T00:00:00Z`));
}

/** The day (YYYY-MM-DD) on which an instant lies in a zone. */
export const campusDay = (at: Date, zone: string): string => DateTime.fromJSDate(at, { zone }).toISODate()!;

export const isBareDate = (text: string): boolean => text.length === 'YYYY-MM-DD'.length;

function spanText(reader: Reader, start: string, end: string | null, parts: Intl.DateTimeFormatOptions): string {
  const at = (zone: string) => DateTime.fromISO(start, { zone });
  const isElsewhere = at(reader.timeZone).offset !== at(reader.campusTimeZone).offset;
  const format = new Intl.DateTimeFormat(reader.locale, {
    ...parts, timeZone: reader.timeZone, ...(isElsewhere && { timeZoneName: 'short' }),
  });
  return end === null ? format.format(new Date(start)) : format.formatRange(new Date(start), new Date(end));
}
