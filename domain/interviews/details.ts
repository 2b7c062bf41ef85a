// What else a mail says of an interview: round, mode, place, link, and whom it means.
import { isCampusSender } from './company.ts';
import type { Audience, InterviewMode, InterviewRound, ListedPerson, MailAddress } from './types.ts';
import { MEETING_LINK, PLACE_WORDS } from './vocabulary.ts';

const ROUNDS: [InterviewRound, RegExp][] = [
  ['group-discussion', /\b(?:group (?:discussion|exercise)|gd\b)/i],
  ['case', /\bcase (?:round|interview|study|discussion)/i],
  ['managerial', /\b(?:managerial|hiring manager|manager) (?:round|interview|discussion|call)|\bmanagerial\b/i],
  ['hr', /\bhr (?:round|interview|discussion|call|conversation)/i],
  ['assessment', /\b(?:assessment|(?:online|written|campus|aptitude|coding|proctored|mcq|screening|general) (?:\w{1,14} )?(?:test|exam|assessment)|test invite|hackerrank|codility|assignment round)\b/i],
  ['technical', /\b(?:technical|tech|coding|system design|live coding|panel) ?(?:interview|round|discussion|screen|call|conversation)?\b/i],
];

export function findRound(subject: string, text: string): InterviewRound | null {
  for (const source of [subject, text]) {
    const found = ROUNDS.find(([, pattern]) => pattern.test(source));
    if (found) return found[0];
  }
  return null;
}

const KNOWN_MEETING = /https?:\/\/[^\s<>"')\]|]{0,80}(?:teams\.microsoft|meet\.google|zoom|webex|whereby|daily|jitsi|hangouts|skype|cal\.com\/video|bluejeans|gotomeet|chime|codesignal|hackerrank|codility|mettl|join|meet|test|authenticate|video|room|\/vi\/)[^\s<>"')\]|]{0,300}/i;

export function findLink(text: string): string | null {
  const link = (KNOWN_MEETING.exec(text) ?? MEETING_LINK.exec(text))?.[0].replace(/[.,;:]+$/, '');
  return link && !/unsubscribe|privacy|\.(?:png|jpe?g|gif)$|«/i.test(link) ? link : null;
}

export function findLocation(subject: string, text: string): string | null {
  const labelled = /^[\s*•-]{0,4}(?:where|venue|place|location|reporting (?:venue|place)|address|room)[ *]{0,3}[:\-–|=]\s?([^\n]{2,150})/im.exec(text)?.[1];
  const found = labelled
    ?? /@ ?([A-Z][^\n,.;]{2,80})/.exec(subject)?.[1]
    ?? /\b(?:at|in) (?:the |our )?([A-Z][\w&' -]{1,50}\b(?:Auditorium|Hall|Block|Lab|Room|Office|Campus|Building|Centre|Center|Library|Tower|Park)[^\n.;]{0,60})/.exec(`${subject}\n${text}`)?.[1]
    ?? /\b(?:office|address|venue)(?: is| at|:) ?(?:at )?([^\n.;]{4,100})/i.exec(text)?.[1];
  const place = found?.replace(/https?:\S+/g, '').replace(/[*_]/g, '').trim();
  return place && place.length > 1 && !/^(?:zoom|teams|microsoft teams|google meet|webex|cal video|video)\b/i.test(place) ? place.slice(0, 150) : null;
}

export function findMode(text: string, link: string | null, location: string | null, from: MailAddress): InterviewMode | null {
  if (/\b(?:virtual(?:ly)?|online|video|zoom|ms teams|microsoft teams|google meet|webex|skype|own location|webcam|camera on)\b/i.test(text) && !/\b(?:in person|in-person|face to face|physical|f2f)\b/i.test(text) && (link || !location || /own location|virtual/i.test(`${location} ${text}`))) return 'online';
  if (/\b(?:phone interview|phone screen|telephonic|telephone|dial you|call you (?:on|at)|we will (?:dial|call))\b/i.test(text) && !link) return 'phone';
  if (location || PLACE_WORDS.test(text)) return link && !location ? 'online' : isCampusSender(from) ? 'on-campus' : 'elsewhere';
  return link ? 'online' : null;
}

const LIST_SPOKEN_OF = /\b(?:(?:find|see|refer(?: to)?|check)\b[^.\n]{0,60}\b(?:short-?list(?:ed)?|list of (?:students|candidates)|(?:students?|candidates?|selected|slot) list|list)\b|(?:attached|below|enclosed|following) (?:is the |are the )?(?:short-?list|list|excel|sheet|slots?|students|candidates)|short-?list(?:ed)?(?: students?| candidates?)?(?:'s)?(?: list)? (?:is |are )?(?:attached|below|enclosed|given|as follows)|(?:list|short-?list|slots|schedule|sheet) (?:is |are )?(?:attached|enclosed|below))\b/i;
const OPEN_CALL = /\b(?:walk-?ins?|interested (?:students|candidates)|all (?:the )?(?:eligible |final[- ]year |registered )?students|final[- ]year students|all (?:eligible|interested|registered)|students of|everyone|open to all)\b/i;

/** Whom a mail means. `people` are the rows of its list, `null` when a list is there that cannot be read, `undefined` when none was seen. */
export function findAudience(text: string, from: MailAddress, people: ListedPerson[] | null | undefined): Audience {
  if (people !== undefined) return { kind: 'listed', people };
  if (LIST_SPOKEN_OF.test(text)) return { kind: 'listed', people: null };
  if (OPEN_CALL.test(text)) return { kind: 'open' };
  return isCampusSender(from) && !/«(?:name|email|roll)»/.test(text) ? { kind: 'open' } : { kind: 'personal' };
}
