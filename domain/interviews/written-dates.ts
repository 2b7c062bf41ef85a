// Dates as people write them ("15th of February (Mon)", "03/02/2027", "coming Monday", "tomorrow") → calendar days.
import { DateTime } from 'luxon';

/** What a written date is relative to. `today` is the mail's own local day; `dayFirst` reads 03/02 as 3 February. */
interface DayContext { today: DateTime; dayFirst: boolean }

/** A date found in a text: where it stands, the day (YYYY-MM-DD), and the last day when two or more are named. */
export interface WrittenDate {
  index: number;
  length: number;
  day: string;
  lastDay: string | null;
  /** `explicit` names day and month; the others were worked out from the mail's own date. */
  how: 'explicit' | 'weekday' | 'relative' | 'ordinal';
}

/** More dates than this in one mail tell nothing. */
const MAX_DATES = 150;

const MONTHS: Record<string, number> = {
  jan: 1, january: 1, januar: 1, feb: 2, february: 2, februar: 2, mar: 3, march: 3, 'märz': 3, apr: 4, april: 4, may: 5, mai: 5,
  jun: 6, june: 6, juni: 6, jul: 7, july: 7, juli: 7, aug: 8, august: 8, sep: 9, sept: 9, september: 9, oct: 10, october: 10, okt: 10, oktober: 10,
  nov: 11, november: 11, dec: 12, december: 12, dez: 12, dezember: 12,
  'जनवरी': 1, 'फरवरी': 2, 'फ़रवरी': 2, 'मार्च': 3, 'अप्रैल': 4, 'मई': 5, 'जून': 6, 'जुलाई': 7, 'अगस्त': 8, 'सितंबर': 9, 'अक्टूबर': 10, 'नवंबर': 11, 'दिसंबर': 12,
};

const WEEKDAYS: Record<string, number> = {
  mon: 1, monday: 1, montag: 1, somvar: 1, tue: 2, tues: 2, tuesday: 2, dienstag: 2, wed: 3, weds: 3, wednesday: 3, mittwoch: 3,
  thu: 4, thur: 4, thurs: 4, thursday: 4, donnerstag: 4, fri: 5, friday: 5, freitag: 5, sat: 6, saturday: 6, samstag: 6, sun: 7, sunday: 7, sonntag: 7,
};

const alternatives = (words: Record<string, number>) => Object.keys(words).sort((a, b) => b.length - a.length).join('|');
const MONTH = `(?<month>${alternatives(MONTHS)})(?![\\p{L}\\p{M}])`;
const WEEKDAY_NAMES = alternatives(WEEKDAYS);
const LEAD = `(?:(?<![\\p{L}])(?<weekday>${WEEKDAY_NAMES})(?![\\p{L}])[.,]?[ ]{0,2}(?:[-–|(][ ]?)?(?:(?:the|den|dem|on)[ ])?)?`;
const TRAIL = `(?:[ ]?[,(|][ ]?(?:${WEEKDAY_NAMES})(?![\\p{L}])\\)?)?`;
const DAY = '(?<![\\d.:]|\\d/)(?<day>\\d{1,2})(?:[ ]?(?:st|nd|rd|th)\\b)?';
const EARLIER_DAY = '(?:(?<![\\d.:/])(?<firstDay>\\d{1,2})(?:[ ]?(?:st|nd|rd|th)\\b)?[ ]{0,2}(?<join>&|and|or|to|till|until|-|–|,|/)[ ]{0,2})?';
const YEAR = "(?:[ ]{0,2}[,.\\-/ ][ ]{0,2}(?<year>20\\d{2})(?!\\d|[ ]?(?:hrs|h\\b)|[ ]?[-–][ ]?\\d{4}[ ]?h)|['’ -]{1,2}['’]?(?<shortYear>\\d{2})(?![\\d:.,]?\\d|[ ]?(?:[ap]\\.?m|hrs|h\\b|uhr|to\\b|[-–]))(?<=[-'’]\\d{2}))?";

/** The written forms in the order in which they are tried; a place taken by an earlier form is not read again. */
const FORMS: { how: WrittenDate['how']; pattern: RegExp }[] = [
  { how: 'explicit', pattern: /(?<!\d)(?<year>20\d{2})-(?<monthNumber>\d{2})-(?<day>\d{2})(?!\d)/gu },
  { how: 'explicit', pattern: /(?<!\d)(?<year>20\d{2})[/.](?<monthNumber>\d{1,2})[/.](?<day>\d{1,2})(?!\d)/gu },
  { how: 'explicit', pattern: new RegExp(`${LEAD}${EARLIER_DAY}${DAY}\\.?[ ]{0,2}(?:[-./,][ ]?)?(?:of[ ])?${MONTH}\\.?${YEAR}${TRAIL}`, 'giu') },
  { how: 'explicit', pattern: new RegExp(`${LEAD}(?<![\\p{L}])${MONTH}\\.?[ ]{0,2}[-./]?[ ]?${EARLIER_DAY.replace('|,)', ')')}${DAY}(?![\\d:]|[ ]?[ap]\\.?m)${YEAR}${TRAIL}`, 'giu') },
  { how: 'explicit', pattern: new RegExp(`${LEAD}(?<![\\d.:/-])(?<a>\\d{1,2})(?<sep>[ ]?[/.-][ ]?)(?<b>\\d{1,2})\\k<sep>(?<numericYear>\\d{4}|\\d{2})(?![\\d/]|[.:]\\d)${TRAIL}`, 'giu') },
  { how: 'explicit', pattern: new RegExp(`(?:(?<=\\b(?:on|dated|date|for|am|to|from|of|until)[ :]{1,2})|(?<=[(])|(?<weekday>${WEEKDAY_NAMES})[., ]{1,3}(?:the |den |dem )?)(?<a>\\d{1,2})/(?<b>\\d{1,2})(?![\\d/%])`, 'giu') },
  { how: 'explicit', pattern: new RegExp(`(?:(?<=\\b(?:am|den|dem|vom)[ ])|(?<weekday>${WEEKDAY_NAMES})[., ]{1,3}(?:den |dem )?)(?<a>\\d{1,2})\\.(?<b>\\d{1,2})\\.(?!\\d)`, 'giu') },
  { how: 'ordinal', pattern: new RegExp(`(?<![\\p{L}])(?<weekday>${WEEKDAY_NAMES})[.,]?[ ](?:the[ ])?(?<ordinal>\\d{1,2})(?:st|nd|rd|th)\\b`, 'giu') },
  { how: 'relative', pattern: /(?<![\p{L}])(?<relative>day after tomorrow|tomorrow|tmrw|tmw|today|tonight|this (?:morning|afternoon|evening)|übermorgen|heute|morgen(?= um|,? \d)|(?:kal|aaj|parso)(?= (?:subah|shaam|dopahar|\d|ko)))(?![\p{L}])/giu },
  { how: 'relative', pattern: /(?<![\p{L}])in (?<count>\d{1,2}|a|one|two|three|four|five|six|seven|ten) (?<unit>days?|weeks?)(?![\p{L}])/giu },
  { how: 'weekday', pattern: new RegExp(`(?<![\\p{L}])(?:(?<which>coming|this coming|this|next|upcoming|following|kommenden|nächsten) )?(?<weekday>${WEEKDAY_NAMES})(?![\\p{L}])(?<nextWeek>[ ]?,?[ ]?next week)?`, 'giu') },
  { how: 'ordinal', pattern: /(?<=\b(?:on|the|for|from|to|till|until) )(?:the )?(?<ordinal>\d{1,2})(?:st|nd|rd|th)\b(?! (?:round|floor|semester|sem|year|batch|std|standard|grade|street|block|main|cross|avenue|gen|edition|percentile|rank|position|interview|stage|level))/giu },
];

const COUNTS: Record<string, number> = { a: 1, one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, ten: 10 };

const isoDay = (day: DateTime) => day.toFormat('yyyy-MM-dd');

function makeDay(year: number, month: number, day: number): DateTime | null {
  const made = DateTime.utc(year, month, day);
  return made.isValid ? made : null;
}

/** A day and month without a year: the nearest that is not behind today, but a few weeks ago stays in the past; a written weekday that fits only one year decides. */
function inNearestYear(month: number, day: number, weekday: number | null, today: DateTime): DateTime | null {
  const years = [today.year - 1, today.year, today.year + 1].map((year) => makeDay(year, month, day)).filter((made) => made !== null);
  const fitting = weekday ? years.filter((made) => made.weekday === weekday) : years;
  const pool = fitting.length > 0 ? fitting : years;
  const recent = pool.find((made) => made < today && today.diff(made, 'days').days <= 31);
  const ahead = pool.find((made) => made >= today);
  if (recent && (!ahead || ahead.diff(today, 'days').days > 300)) return recent;
  return ahead ?? recent ?? null;
}

function numericDay(groups: Record<string, string | undefined>, weekday: number | null, context: DayContext): DateTime | null {
  const [a, b] = [Number(groups['a']), Number(groups['b'])];
  const written = groups['numericYear'];
  const build = (day: number, month: number) => written
    ? makeDay(written.length === 2 ? 2000 + Number(written) : Number(written), month, day)
    : inNearestYear(month, day, weekday, context.today);
  // Dots and German order are never month-first; otherwise only one of the two orders may exist, or the weekday tells.
  const dayFirst = build(a, b);
  const monthFirst = groups['sep']?.trim() === '.' ? null : build(b, a);
  if (weekday && dayFirst && monthFirst && (dayFirst.weekday === weekday) !== (monthFirst.weekday === weekday)) {
    return dayFirst.weekday === weekday ? dayFirst : monthFirst;
  }
  return context.dayFirst ? dayFirst ?? monthFirst : monthFirst ?? dayFirst;
}

function nextWeekday(weekday: number, which: string, nextWeek: boolean, today: DateTime): DateTime {
  const ahead = (weekday - today.weekday + 7) % 7;
  if (nextWeek || which === 'next') return today.startOf('week').plus({ weeks: 1, days: weekday - 1 });
  if (ahead === 0) return which === 'this' ? today : today.plus({ weeks: 1 });
  return today.plus({ days: ahead });
}

function ordinalDay(day: number, weekday: number | null, today: DateTime): DateTime | null {
  const months = Array.from({ length: 13 }, (_, ahead) => today.startOf('month').plus({ months: ahead }));
  const days = months.map((month) => makeDay(month.year, month.month, day)).filter((made) => made !== null && made >= today.startOf('day'));
  return (weekday ? days.slice(0, 3).find((made) => made?.weekday === weekday) : undefined) ?? days[0] ?? null;
}

function relativeDay(words: string, today: DateTime): DateTime {
  if (/^(?:day after|über|parso)/.test(words)) return today.plus({ days: 2 });
  if (/^(?:tom|tm|morgen|kal)/.test(words)) return today.plus({ days: 1 });
  return today;
}

function dayOf(groups: Record<string, string | undefined>, context: DayContext): DateTime | null {
  const { today } = context;
  const weekday = groups['weekday'] ? WEEKDAYS[groups['weekday'].toLowerCase()] ?? null : null;
  if (groups['relative']) return relativeDay(groups['relative'].toLowerCase(), today);
  if (groups['count']) {
    const count = COUNTS[groups['count'].toLowerCase()] ?? Number(groups['count']);
    return today.plus(groups['unit']?.toLowerCase().startsWith('week') ? { weeks: count } : { days: count });
  }
  if (groups['ordinal']) return ordinalDay(Number(groups['ordinal']), weekday, today);
  if (groups['a']) return numericDay(groups, weekday, context);
  const month = groups['month'] ? MONTHS[groups['month'].toLowerCase()] : Number(groups['monthNumber']);
  if (groups['day'] && month) {
    const year = groups['year'] ? Number(groups['year']) : groups['shortYear'] ? 2000 + Number(groups['shortYear']) : null;
    return year ? makeDay(year, month, Number(groups['day'])) : inNearestYear(month, Number(groups['day']), weekday, today);
  }
  return weekday ? nextWeekday(weekday, groups['which']?.toLowerCase() ?? '', Boolean(groups['nextWeek']), today) : null;
}

/** All dates written in `text`, in their order. Linear in the text; the caller caps its length. */
export function findWrittenDates(text: string, context: DayContext): WrittenDate[] {
  const today = DateTime.utc(context.today.year, context.today.month, context.today.day);
  const found: WrittenDate[] = [];
  const taken = new Uint8Array(text.length);
  for (const { how, pattern } of FORMS) {
    for (const match of text.matchAll(pattern)) {
      if (found.length >= MAX_DATES) break;
      if (taken[match.index] || taken[match.index + match[0].length - 1] || !match.groups) continue;
      const day = dayOf(match.groups, { ...context, today });
      if (!day || day.year < 2000 || day.year > 2100) continue;
      taken.fill(1, match.index, match.index + match[0].length);
      const firstDay = match.groups['firstDay'] ? makeDay(day.year, day.month, Number(match.groups['firstDay'])) : null;
      const earlier = firstDay && firstDay < day ? firstDay : null;
      if (earlier && match.groups['join']?.toLowerCase() === 'to') {
        // "from 15th to 17th February" is two dates: each may be the old or the new one.
        const split = match[0].toLowerCase().indexOf('to', 1);
        found.push({ index: match.index, length: split, day: isoDay(earlier), lastDay: null, how });
        found.push({ index: match.index + split + 2, length: match[0].length - split - 2, day: isoDay(day), lastDay: null, how });
        continue;
      }
      found.push({
        index: match.index, length: match[0].length, how,
        day: isoDay(earlier ?? day), lastDay: earlier ? isoDay(day) : null,
      });
    }
  }
  return found.sort((x, y) => x.index - y.index);
}
