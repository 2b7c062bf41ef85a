// Time zones as people and calendars write them ("IST", "Pacific Time", "UTC+05:30", "India Standard Time") → IANA zones.
import { IANAZone } from 'luxon';

const ABBREVIATIONS: Record<string, string> = {
  ist: 'Asia/Kolkata', utc: 'UTC', gmt: 'UTC', bst: 'Europe/London', wet: 'Europe/Lisbon', west: 'Europe/Lisbon',
  cet: 'Europe/Berlin', cest: 'Europe/Berlin', mez: 'Europe/Berlin', mesz: 'Europe/Berlin', eet: 'Europe/Helsinki', eest: 'Europe/Helsinki',
  msk: 'Europe/Moscow', et: 'America/New_York', est: 'America/New_York', edt: 'America/New_York', ct: 'America/Chicago',
  cst: 'America/Chicago', cdt: 'America/Chicago', mt: 'America/Denver', mst: 'America/Denver', mdt: 'America/Denver',
  pt: 'America/Los_Angeles', pst: 'America/Los_Angeles', pdt: 'America/Los_Angeles', sgt: 'Asia/Singapore', hkt: 'Asia/Hong_Kong',
  jst: 'Asia/Tokyo', kst: 'Asia/Seoul', gst: 'Asia/Dubai', pkt: 'Asia/Karachi', npt: 'Asia/Kathmandu', aest: 'Australia/Sydney',
  aedt: 'Australia/Sydney', awst: 'Australia/Perth', nzst: 'Pacific/Auckland', nzdt: 'Pacific/Auckland', sast: 'Africa/Johannesburg',
};

const PHRASES: Record<string, string> = {
  indian: 'Asia/Kolkata', india: 'Asia/Kolkata', eastern: 'America/New_York', central: 'America/Chicago', mountain: 'America/Denver',
  pacific: 'America/Los_Angeles', singapore: 'Asia/Singapore', dubai: 'Asia/Dubai', 'central european': 'Europe/Berlin', london: 'Europe/London', uk: 'Europe/London',
};

/** Windows zone names (CLDR windowsZones, territory 001, plus those of India's neighbours) as Outlook writes them in TZID. */
const WINDOWS: Record<string, string> = {
  'india standard time': 'Asia/Kolkata', 'sri lanka standard time': 'Asia/Colombo', 'nepal standard time': 'Asia/Kathmandu',
  'bangladesh standard time': 'Asia/Dhaka', 'pakistan standard time': 'Asia/Karachi', 'utc': 'UTC', 'gmt standard time': 'Europe/London',
  'greenwich standard time': 'Atlantic/Reykjavik', 'w. europe standard time': 'Europe/Berlin', 'romance standard time': 'Europe/Paris',
  'central europe standard time': 'Europe/Budapest', 'central european standard time': 'Europe/Warsaw', 'e. europe standard time': 'Europe/Chisinau',
  'fle standard time': 'Europe/Kyiv', 'gtb standard time': 'Europe/Bucharest', 'turkey standard time': 'Europe/Istanbul', 'russian standard time': 'Europe/Moscow',
  'israel standard time': 'Asia/Jerusalem', 'arab standard time': 'Asia/Riyadh', 'arabian standard time': 'Asia/Dubai', 'egypt standard time': 'Africa/Cairo',
  'south africa standard time': 'Africa/Johannesburg', 'singapore standard time': 'Asia/Singapore', 'china standard time': 'Asia/Shanghai',
  'tokyo standard time': 'Asia/Tokyo', 'korea standard time': 'Asia/Seoul', 'se asia standard time': 'Asia/Bangkok', 'taipei standard time': 'Asia/Taipei',
  'w. australia standard time': 'Australia/Perth', 'aus eastern standard time': 'Australia/Sydney', 'e. australia standard time': 'Australia/Brisbane',
  'new zealand standard time': 'Pacific/Auckland', 'eastern standard time': 'America/New_York', 'us eastern standard time': 'America/Indianapolis',
  'central standard time': 'America/Chicago', 'mountain standard time': 'America/Denver', 'us mountain standard time': 'America/Phoenix',
  'pacific standard time': 'America/Los_Angeles', 'alaskan standard time': 'America/Anchorage', 'hawaiian standard time': 'Pacific/Honolulu',
  'atlantic standard time': 'America/Halifax', 'e. south america standard time': 'America/Sao_Paulo', 'argentina standard time': 'America/Buenos_Aires',
};

const OFFSET = /^(?:utc|gmt)?\s?([+-−–])\s?(\d{1,2})(?::?(\d{2}))?$/i;

function isIana(name: string): boolean {
  return name.includes('/') && IANAZone.isValidZone(name);
}

/** Any written zone → a zone that luxon knows (IANA, "UTC", or "UTC+5:30"), or null when it is none. */
export function zoneFromWords(words: string): string | null {
  const plain = words.trim().replace(/^[([]|[)\]]$/g, '').toLowerCase();
  if (!plain || plain.length > 60) return null;
  if (isIana(words.trim().replace(/^[([]|[)\]]$/g, ''))) return words.trim().replace(/^[([]|[)\]]$/g, '');
  const known = ABBREVIATIONS[plain] ?? WINDOWS[plain] ?? PHRASES[plain.replace(/(?: standard| daylight)? time$/, '')];
  if (known) return known;
  const offset = OFFSET.exec(plain);
  if (!offset) return null;
  const hours = Number(offset[2]);
  const minutes = Number(offset[3] ?? 0);
  if (hours > 14 || minutes > 59) return null;
  const sign = offset[1] === '+' ? '+' : '-';
  if (sign === '+' && hours === 5 && minutes === 30) return 'Asia/Kolkata';
  return `UTC${sign}${hours}${minutes ? `:${String(minutes).padStart(2, '0')}` : ''}`;
}

const AFTER_TIME = new RegExp(
  '^[ \\t]{0,2}(?:[,|([]|[-–]|hrs?\\.?|hours|onwards|sharp)?[ \\t|,(]{0,3}('
  + '[A-Z][a-z]{2,12}/[A-Z][A-Za-z_]{2,20}'
  + '|(?:UTC|GMT)[ \\t]?[+\\-−–][ \\t]?\\d{1,2}(?::?\\d{2})?'
  + '|(?:US |U\\.S\\. )?(?:Central European|Eastern|Central|Mountain|Pacific|Indian?|Singapore|Dubai|London|UK)(?: Standard| Daylight)? Time'
  + `|(?:${Object.keys(ABBREVIATIONS).join('|')})(?![A-Za-z])`
  + '|Eastern(?![ A-Za-z])|Pacific(?![ A-Za-z]))', 'i');

/** The zone written directly after a time, with how much of `after` it takes; `after` begins where the time ends. */
export function zoneAfterTime(after: string): { zone: string; length: number } | null {
  const match = AFTER_TIME.exec(after.slice(0, 60));
  if (!match?.[1]) return null;
  const words = match[1].replace(/^u\.?s\.? /i, '');
  // Two letters and words such as "west" are zones only in capitals.
  if (/^(?:et|ct|mt|pt|west|wet|est|mez)$/i.test(words) && words !== words.toUpperCase()) return null;
  const zone = zoneFromWords(words);
  return zone ? { zone, length: match[0].length } : null;
}

/** The zone that a sentence such as "All times are in IST" or "Time zone: Asia/Kolkata" sets for the whole mail. */
export function zoneOfMail(text: string): string | null {
  const match = /(?:time ?zone|times? (?:are|is|shown|mentioned|given)(?: below| above)?(?: are)? (?:in|as per)|all times(?: are)?(?: in)?)[ \t]{0,2}[:\-=]?[ \t]{0,2}\(?([A-Za-z][A-Za-z_/+:0-9-]{1,40}(?: (?:European |Standard |Daylight )?Time)?)/i.exec(text);
  return match?.[1] ? zoneFromWords(match[1].replace(/[.,;]$/, '')) : null;
}
