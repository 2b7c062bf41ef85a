// Times as people write them ("3pm", "16:00 Hrs", "10.50", "quarter to nine", "9.15 in the morning", "2-3 PM IST") → clock times.
import { zoneAfterTime, zoneFromWords } from './zones.ts';

/** More times than this in one mail tell nothing. */
const MAX_TIMES = 300;

/** Minutes since midnight. */
type ClockTime = number;

/** A time or a range of times found in a text. `zone` is only set where one is written with it. */
export interface WrittenTime { index: number; length: number; start: ClockTime; end: ClockTime | null; zone: string | null }

const WORD_NUMBERS = ['twelve', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven'];
const HOUR_WORDS = WORD_NUMBERS.join('|');
const MERIDIEM = '(?:[ ]?[ap]\\.?[ ]?m\\b\\.?)';
const PART_OF_DAY = "(?: in the (?:morning|afternoon|evening)| at night| (?:this )?(?:morning|afternoon|evening))";
const CLOCK_WORD = "(?:[ ]?(?:noon\\b|midnight\\b|hrs?\\b\\.?|hours\\b|h\\b(?!\\w)|uhr\\b|o['’]?[ ]?clock\\b|baje\\b|बजे(?![\\p{L}\\p{M}])))";

/** One clock time; which groups are there decides how it is read. The suffix lets a pattern hold two of them. */
const clock = (n: number) => `(?<![\\d.:/₹$#+]|[\\w)]-)(?<hour${n}>\\d{1,2})(?:[:.](?<minute${n}>[0-5]\\d)(?::[0-5]\\d)?)?(?![\\d:/]|[.]\\d)(?<suffix${n}>${MERIDIEM}|${CLOCK_WORD})?(?<part${n}>${PART_OF_DAY})?`;
const JOIN = '[ ]{0,2}\\(?(?:IST|[ECMP][SD]?T|GMT|UTC|CES?T|BST|SGT|hrs)?\\)?[ ]?(?:-|–|—|to|till|until|bis|and)[ ]{0,2}(?:around |about )?';

const RANGE = new RegExp(`(?<between>between |from )?${clock(1)}${JOIN}${clock(2).replace('|[\\w)]-', '')}`, 'giu');
const SINGLE = new RegExp(`(?<at>(?:\\b(?:at|from|by|@|um|around|about|sharp|time|till|until|before|after|to|ab|subah|shaam|dopahar|is)|@)[ ]?[:\\-]?[ ]?|^[ ]?(?:\\d{1,2}[.)] )?|[|\\t–—-][ ]?|[,(][ ]?|(?<=\\d{4})[ ])?${clock(1)}`, 'gimu');
/** The time of an ISO 8601 date-time, whose zone is "Z" or an offset. */
const ISO_TIME = /(?<=\d{4}-\d{2}-\d{2}[T ])(?<hour>[01]\d|2[0-3]):(?<minute>[0-5]\d)(?::[0-5]\d(?:\.\d{1,6})?)?(?:(?<utc>Z)|(?<offset>[+-]\d{2}:?\d{2}))/g;
const COMPACT = /(?<![\d.:/])(?<hour>[01]\d|2[0-3])(?<minute>[0-5]\d)(?:[ ]?(?:hrs?|hours|h))?(?:[ ]?(?:-|–|to|till)[ ]?(?<endHour>[01]\d|2[0-3])(?<endMinute>[0-5]\d))?[ ]?(?:hrs?|hours|h)\b/giu;
const SPOKEN = new RegExp(`(?<![\\p{L}])(?:(?<offset>quarter|half|ten|twenty|five|twenty[- ]five)(?: an hour)? (?<direction>to|past) )(?<word>${HOUR_WORDS}|\\d{1,2})(?![\\p{L}\\d:.])(?<part>${PART_OF_DAY}|${MERIDIEM})?|(?<![\\p{L}])(?<noon>(?:12[ ])?noon|midday|midnight)(?![\\p{L}])|(?<![\\p{L}])(?<whole>${HOUR_WORDS})(?: o['’]?[ ]?clock(?<wholePart>${PART_OF_DAY})?| ?(?<wholeMeridiem>[ap]\\.?m\\b\\.?)|(?<wholeOnly>${PART_OF_DAY}))`, 'giu');

type Half = 'am' | 'pm' | 'day24' | null;

function halfOf(suffix: string | undefined, part: string | undefined, before = ''): Half {
  const words = `${suffix ?? ''} ${part ?? ''} ${before}`.toLowerCase();
  if (/\bp\.? ?m/.test(words) || /noon|evening|night(?!.*mid)|shaam|dopahar/.test(words)) return 'pm';
  if (/\ba\.? ?m/.test(words) || /morning|subah|midnight/.test(words)) return 'am';
  return /hrs?\b|hours|uhr|\bh\b/.test(words) ? 'day24' : null;
}

/** Minutes since midnight. Without am, pm or hrs, an hour from 1 to 6 is taken for the afternoon: nobody interviews at 2:30 at night. */
function minutesOf(hour: number, minute: number, half: Half): ClockTime | null {
  if (hour > 24 || minute > 59) return null;
  if (hour > 12 || half === 'day24' && (hour > 6 || hour === 0)) return hour === 24 ? (minute === 0 ? 0 : null) : hour * 60 + minute;
  if (half === 'am') return (hour % 12) * 60 + minute;
  if (half === 'pm') return ((hour % 12) + 12) * 60 + minute;
  return (hour >= 1 && hour <= 6 ? hour + 12 : hour) * 60 + minute;
}

function readRange(groups: Record<string, string | undefined>): { start: ClockTime; end: ClockTime } | null {
  const halves = [halfOf(groups['suffix1'], groups['part1']), halfOf(groups['suffix2'], groups['part2'])] as const;
  const written = (n: number) => groups[`minute${n}`] !== undefined || groups[`suffix${n}`] !== undefined || groups[`part${n}`] !== undefined;
  if (!(written(2) || (written(1) && groups['suffix1'])) ) return null;
  // "24-25" beside nothing is no time; one side must carry am, pm, minutes or hrs.
  const [hour1, hour2] = [Number(groups['hour1']), Number(groups['hour2'])];
  const end = minutesOf(hour2, Number(groups['minute2'] ?? 0), halves[1] ?? (halves[0] === 'day24' ? 'day24' : null));
  if (end === null || hour1 > 24) return null;
  let start = minutesOf(hour1, Number(groups['minute1'] ?? 0), halves[0] ?? halves[1]);
  if (start === null) return null;
  if (halves[0] === null && start >= end && start >= 720) start -= 720;
  if (halves[1] === null && end <= start && end + 720 < 1440) return { start, end: end + 720 };
  return { start, end };
}

function readSpoken(groups: Record<string, string | undefined>): ClockTime | null {
  if (groups['noon']) return groups['noon'].toLowerCase() === 'midnight' ? 0 : 720;
  const word = groups['word'] ?? groups['whole'];
  if (!word) return null;
  const index = WORD_NUMBERS.indexOf(word.toLowerCase());
  const hour = index >= 0 ? index || 12 : Number(word);
  const half = halfOf(groups['wholeMeridiem'] ?? '', groups['part'] ?? groups['wholePart'] ?? groups['wholeOnly']);
  const base = minutesOf(hour, 0, half);
  if (base === null || groups['word'] === undefined) return base;
  const minutes = { quarter: 15, half: 30, ten: 10, twenty: 20, five: 5 }[groups['offset']?.toLowerCase() ?? ''] ?? 25;
  const time = groups['direction']?.toLowerCase() === 'to' ? base - minutes : base + minutes;
  return ((time % 1440) + 1440) % 1440;
}

/** All times written in `text`, in their order; `taken` marks the places that dates occupy. Conversions such as "(16:30 your time)" are left out. */
export function findWrittenTimes(text: string, taken: (index: number, length: number) => boolean): WrittenTime[] {
  const found: WrittenTime[] = [];
  const used = new Uint8Array(text.length);
  const add = (index: number, length: number, start: ClockTime, end: ClockTime | null) => {
    if (found.length >= MAX_TIMES || taken(index, length) || used[index] || used[index + length - 1]) return;
    used.fill(1, index, index + length);
    const after = text.slice(index + length, index + length + 80);
    if (/^[ ]?\(?(?:your|local) time|^[ ]?(?:%|lpa\b|lakhs?\b|k\b|cgpa|marks|years?\b|days?\b|weeks?\b|months?\b|questions|rounds?\b|positions|students|percent)/i.test(after)) return;
    const zone = zoneAfterTime(after);
    found.push({ index, length: length + (zone?.length ?? 0), start, end, zone: zone?.zone ?? null });
  };
  for (const match of text.matchAll(ISO_TIME)) {
    const { hour, minute, utc, offset } = match.groups ?? {};
    used.fill(1, match.index, match.index + match[0].length);
    found.push({ index: match.index, length: match[0].length, start: Number(hour) * 60 + Number(minute), end: null, zone: utc ? 'UTC' : zoneFromWords(offset ?? '') });
  }
  for (const match of text.matchAll(COMPACT)) {
    const { hour, minute, endHour, endMinute } = match.groups ?? {};
    add(match.index, match[0].length, Number(hour) * 60 + Number(minute), endHour === undefined ? null : Number(endHour) * 60 + Number(endMinute));
  }
  for (const match of text.matchAll(RANGE)) {
    const range = match.groups && readRange(match.groups);
    // "moved from 5 PM to 6 PM" is an old and a new time, not a range.
    const moved = match.groups?.['between']?.startsWith('from') && /(?:mov|shift|chang|reschedul|push|postpon|prepon|advanc|updat)\w*[^\n.]{0,40}$/i.test(text.slice(Math.max(0, match.index - 60), match.index));
    if (range && !moved) add(match.index + (match.groups?.['between']?.length ?? 0), match[0].length - (match.groups?.['between']?.length ?? 0), range.start, range.end);
  }
  for (const match of text.matchAll(SPOKEN)) {
    const time = match.groups ? readSpoken(match.groups) : null;
    if (time !== null) add(match.index, match[0].length, time, null);
  }
  for (const match of text.matchAll(SINGLE)) {
    const groups = match.groups;
    if (!groups) continue;
    const lead = groups['at'] ?? '';
    const { minute1, suffix1, part1 } = groups;
    const lineStart = lead.trim() === '' && (match.index === 0 || text[match.index - 1] === '\n');
    // "1 hr" is how long it takes; "10 hrs" is a time only where one is announced. A colon is a time by itself; a dot or a bare number only after a word that announces one.
    const colon = minute1 !== undefined && match[0].slice(lead.length).includes(':');
    const announced = /(?:at|from|by|@|um|till|until|around|about|time|to|ab)[ :-]{0,3}$/i.test(lead);
    if (!(suffix1 || part1 || colon || (minute1 !== undefined && (lead || lineStart)) || (/\b(?:at|by|@|till|until)[ ]?$/i.test(lead) && Number(groups['hour1']) >= 1 && Number(groups['hour1']) <= 12 && !/^[ ]?(?:[a-z]{4,}|st|nd|rd|th|%|-)/i.test(text.slice(match.index + match[0].length))))) continue;
    if (minute1 === undefined && /^[ ]?h/i.test(suffix1 ?? '') && (!announced || /^[ ]?hr?\b/i.test(suffix1 ?? ''))) continue;
    const time = minutesOf(Number(groups['hour1']), Number(minute1 ?? 0), halfOf(suffix1, part1, lead));
    if (time !== null) add(match.index + lead.length, match[0].length - lead.length, time, null);
  }
  return found.sort((x, y) => x.index - y.index);
}

/** How long it takes, in minutes ("45 mins", "1 hr", "half an hour", "1.5 hours"), or null. Lead times ("10 minutes early") are none. */
export function findDuration(text: string): number | null {
  const pattern = /(?<![\d.:])(?:(?<count>\d{1,3}(?:\.\d)?)|(?<word>half(?: an?)?|an?|one|two|three))[ -]?(?<unit>minutes?|mins?|hours?|hrs?|h\b)(?!\w)(?<rest>[^\n.]{0,30})/gi;
  for (const match of text.matchAll(pattern)) {
    const groups = match.groups ?? {};
    const before = text.slice(Math.max(0, match.index - 25), match.index);
    if (/^[ ]{0,2}(?:\w+ )?(?:early|earlier|before|prior|in advance|ahead|late|ago|from now|window)/i.test(groups['rest'] ?? '') || /(?:within|in|after|every|before|join|least|expires?)[ ]{1,2}$/i.test(before)) continue;
    const word = groups['word']?.toLowerCase();
    const count = groups['count'] ? Number(groups['count']) : word?.startsWith('half') ? 0.5 : word === 'two' ? 2 : word === 'three' ? 3 : 1;
    const inHours = groups['unit']?.toLowerCase().startsWith('h');
    if (inHours && !groups['word'] && count > 8) continue;
    const minutes = Math.round(count * (inHours ? 60 : 1));
    if (minutes >= 5 && minutes <= 480) return minutes;
  }
  return null;
}
