// Which company (and which role) a mail is about: from labels, the words around "interview", the signature and the sender.
import { EVENT_WORDS } from './vocabulary.ts';
import type { MailAddress } from './types.ts';

/** Legal forms at the end of a name, which nobody says. */
const LEGAL_FORMS = /[\s,]+(?:private|pvt|limited|ltd|gmbh|inc|llc|llp|plc|corp|corporation|ag|s\.?a|co|pte|b\.?v|oy|ab)\b\.?/gi;

/** Hosts that send for many companies. */
const SHARED_HOST = /(?:^|\.)(?:lever|greenhouse|greenhouse-mail|workday|myworkday|myworkdayjobs|icims|ashbyhq|smartrecruiters|jobvite|taleo|successfactors|bamboohr|workable|recruitee|breezy|zoho|zohorecruit|darwinbox|keka|freshteam|turbohire|superset|joinsuperset|unstop|internshala|naukri|indeed|linkedin|instahyre|cutshort|wellfound|hirist|calendly|cal|goodtime|webex|zoom|hackerrank|hackerrankforwork|hackerearth|hirevue|mettl|mercer|codesignal|codility|cocubes|amcat|shl|imocha|doselect|testgorilla|karat|google|gmail|googlemail|microsoft|outlook|hotmail|live|yahoo|icloud|proton|protonmail|rediffmail|teams|slack|notion|example)(?:\.|$)/i;
const SHARED_LABEL = /(?:^|[-_.])(?:mail|mails|notify|notifications?|reminders?|calbot|bot|noreply|no-reply|jobs?|careers?|recruiting|recruit|talent|hire|hiring|ats|tests?|assess\w*|mettl\w*|icims\w*|calendar|scheduling|portal|accounts?|placements?|placement-cell)(?:[-_.]|$)|tests?$|mail$/i;
const CAMPUS = /\b(?:institute|college|university|univ|campus\.edu|school|academy|iit|nit|iiit|bits|vit|edu|ac)\b/i;
const CAMPUS_SENDER = /\b(?:tpo|t&p|placements?(?: (?:cell|office|coordinator|officer|team))?|cdc|training|hod|dean|faculty|coordinator|career (?:development|services)|registrar|student affairs|corporate relations)\b/i;

/** Words that stand in a sender's or signature's name beside the company. */
const FUNCTION_WORDS = /\b(?:hr|human resources|talent(?: acquisition| team| ops| partner)?|recruit(?:ing|ment|er|ers)?|hiring|careers?|jobs|team|people (?:ops|operations|team)|ops|campus(?: hiring| relations| recruitment| team)?|university relations|scheduling|interviews?|notifications?|no-?reply|support|admissions|desk|via .*|coordinator|manager|department|dept|helpdesk|bot|reminders?|events?|admin|office|group hr|eu|india|global|calendar|onboarding|staffing|engineering|the|from|at|of)\b/gi;

/** The same in upper and lower case, as a group. (Names are told by their capitals, so no pattern may ignore case as a whole.) */
const anyCase = (source: string) => `(?:${source.replace(/(?<!\\)[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`)})`;

const CAP = "(?:\\p{Lu}|\\d{1,4}(?=\\p{L}))[\\p{L}\\p{M}\\d.&'’+-]{0,30}";
const NAME = `${CAP}(?: (?:(?:and|of|for|de|&) )?${CAP}){0,4}`;
const EVENT = '(?:(?:online|virtual|campus|coding|technical|tech|hr|phone|video|first|second|final|general|aptitude|next|on-?campus|off-?campus|assignment|placement|recruitment|hiring|selection|physical|pool|written|proctored|panel|managerial|full[- ]time|summer|winter|live|telephonic|personal|one-on-one|ppt|pre-placement|entire|and|&|,|\\() ?){0,5}(?:inter?views?|test|tests|assessments?|exam|drive|drives|process|rounds?|round|gd|group discussion|hackathon|visit|walk-?in|call|screening|discussion|recruitment|hiring|day)\\b';

/** Patterns that say which company it is, with how far each is to be trusted. The name is in group `name`. */
const PATTERNS: { trust: number; pattern: RegExp }[] = [
  { trust: 100, pattern: new RegExp(`(?:^[\\s*•-]{0,4}|[.;|] )(?:name of (?:the )?)?(?:company|organi[sz]ation|employer|recruiter|firm)(?: name)?[ *]{0,3}(?:[:\\-–=|]|\\n)[\\s*]{0,3}(?<name>(?:[^\\n|*;(.]|\\.(?=\\w)){2,60})`, 'imu') },
  { trust: 96, pattern: new RegExp(`${anyCase('(?:drive|visit|interview|test|assessment|invitation)(?: invite| cancelled| canceled| postponed| rescheduled| confirmed| scheduled)?')} ?(?:[:–|]|-(?= )) ?(?<name>${NAME})`, 'u') },
  { trust: 90, pattern: new RegExp(`^${anyCase('posting|job|position|opening|role')}[ ]?[:\\-–] ?[^\\n,(]{2,60}(?:, | \\(| at | @ )(?<name>${NAME})\\)?\\s*$`, 'mu') },
  { trust: 88, pattern: new RegExp(`(?<name>${NAME})(?: (?:is|are|has|will|would|team))? (?:invites you|is pleased to invite|will be (?:interviewing|visiting|conducting)|is (?:conducting|visiting|coming|hiring)|will (?:visit|conduct|interview)|would like to (?:invite|interview)|invite[sd]?)`, 'u') },
  { trust: 87, pattern: new RegExp(`\\b(?:between|with|and) ${CAP} \\((?<name>${NAME})\\)`, 'u') },
  { trust: 86, pattern: new RegExp(`\\b(?:[Ii]nterview(?:ing|s)?|INTERVIEW|[Mm]eeting|[Cc]all|[Cc]hat|[Ii]ntro|[Rr]ound|[Tt]est|[Aa]ssessment|[Dd]iscussion|GD|GD round|[Dd]rive|[Cc]onversation|[Ss]creen|[Pp]rocess|[Ss]ession|[Aa]ppointment)(?: is| was| scheduled| confirmed| booked)? (?:with|at|for|by|of|from)(?: the)? (?<name>${NAME})`, 'u') },
  { trust: 85, pattern: new RegExp(`\\b${anyCase('interview|assessment|test|round|call|loop|discussion|screen')}s? ${anyCase('for|as')} [^.\\n]{2,50}? (?:at|with|@) (?<name>${NAME})`, 'u') },
  { trust: 84, pattern: new RegExp(`(?<name>${NAME})(?![\\p{L}\\p{M}])(?:['’]s)? ?(?:[-–:|] ?)?\\(?${anyCase(EVENT)}`, 'u') },
  { trust: 80, pattern: new RegExp(`(?<name>${NAME}) (?:x|<>|\\/|×|&|and|\\|) «name»|«name» (?:x|<>|\\/|×|&|and|\\|) (?<name2>${NAME})`, 'u') },
  { trust: 70, pattern: new RegExp(`\\b(?:position|role|opening|opportunity|internship|job|team|payments|office|people|colleagues?|panel|folks|someone|engineers?)[^.\\n]{0,25} (?:at|with|from|in) (?<name>${NAME})`, 'u') },
  { trust: 60, pattern: new RegExp(`\\b(?:from|at|with) (?<name>${NAME})(?=[.,;!\\n]|$)`, 'u') },
];

/** Words that no company's name is made of, so that "ERP Trainee interview" names a role and "Your interview" nothing. */
const ROLE_NOUNS = /\b(?:trainee|trainees|intern|interns|engineer|engineers|developer|developers|analyst|analysts|manager|officer|consultant|associate|executive|designer|scientist|architect|programmer|programmers|graduate|technologist|writer|specialist|lead|apprentice|tester|sde|administrator|researcher|internship|fresher|representative|accountant|coordinator|technician)\b/i;
const NOT_COMPANY = /^(?:your|our|the|a|an|this|that|dear|hi|hello|please|you|we|it|he|she|they|is|are|in|on|at|for|to|of|and|re|fw|fwd|update|updated|date|reminder|gentle|report|immediately|invitation|invite|interview|interviews|online|test|tests|virtual|campus|technical|tech|hr|phone|video|final|first|second|third|next|round|rounds|coding|general|aptitude|assessment|proctored|live|confirmed|confirmation|scheduled|schedule|canceled|cancelled|rescheduled|new|time|event|details|drive|hackathon|group|discussion|gd|walk-in|walk|selection|process|zoom|google|meet|teams|microsoft|webex|calendar|skype|slot|panel|managerial|personal|tomorrow|today|monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec|ist|am|pm|candidate|candidates|student|students|placement|interested|all|everyone|intimation|regarding|great|thanks|thank|with|call|urgent|important|attention|notice|hiring|recruitment|machine|onsite|offer|physical|ppt|telephonic|one|on|off|pool|entire|quick|conversation|company|chat|room|hall|lab|block|office|seminar|auditorium|conference|batch|super|dream|internship|join|use|link|meeting|screening|no|not|if|as|because|venue|when|where|short|only|shortlist|shortlisted|congratulations|greetings|from|welcome|by|mode|day|work|post|full-time|full|intro|second|pre-placement|invite|booked|system|design|case|study|fyi|stage|walk-ins|event|written|head|corporate|registered|main|letter|kyc|revised|timing|timings|cancelled|canceled|postponed|rescheduled)$/i;

/** A found name without what does not belong to it; null when nothing is left. */
function cleanCompany(raw: string): string | null {
  let words = raw.replace(/«[a-z]+»/g, ' ').replace(/[*_"“”]/g, '').replace(/['’]s\b/g, '').replace(LEGAL_FORMS, '').trim().split(/\s+/);
  const skip = (word: string | undefined) => word !== undefined && (NOT_COMPANY.test(word.replace(/[^\p{L}-]/gu, '')) || /^[\d\W]+(?:st|nd|rd|th)?$/.test(word) || /^(?:19|20)\d\d$/.test(word));
  while (words.length > 0 && skip(words[0])) words = words.slice(1);
  while (words.length > 0 && skip(words.at(-1))) words = words.slice(0, -1);
  const name = words.join(' ').replace(/^[^\p{L}\d]+|[^\p{L}\d.+)]+$/gu, '').replace(/[.]$/, '');
  if (name.length < 2 || name.length > 60 || words.length > 6 || ROLE_NOUNS.test(name) || /[@/]|https?:/.test(name)) return null;
  return name;
}

const squash = (text: string) => text.toLowerCase().replace(/[^\p{L}\d]/gu, '');

export function isCampusSender(from: MailAddress): boolean {
  const host = from.address.split('@')[1] ?? '';
  return CAMPUS.test(host.replace(/\./g, ' ')) || CAMPUS_SENDER.test(from.name);
}

/** The label of the sender's domain that names a company ("careers.acme.co.in" → "acme"), or null for shared and campus hosts. */
function companyLabel(from: MailAddress): string | null {
  const host = (from.address.split('@')[1] ?? '').toLowerCase();
  if (!host || isCampusSender(from) || SHARED_HOST.test(host.replace(/\.example(?:\.(?:com|org|net))?$/, ''))) return null;
  const labels = host.split('.').slice(0, -1).filter((label) => !/^(?:co|com|org|net|ac|gov|example|mail|email|careers?|jobs|hr|hire|hiring|talent|recruiting|notifications?|www|e|go|info|reply)$/.test(label));
  const label = labels.at(-1) ?? null;
  return label && label.length > 2 && !SHARED_LABEL.test(label) ? label : null;
}

/** A phrase of the text that the domain's label spells ("nilgirisilk" → "Nilgiri Silk Mills"). */
function phraseOfLabel(label: string, text: string): string | null {
  const stem = label.replace(/(?:hq|inc|corp|tech|india|careers|jobs|group|global|app|labs)$/, '') || label;
  let best: string | null = null;
  for (const match of text.matchAll(new RegExp(NAME, 'gu'))) {
    const words = match[0].split(' ');
    for (let from = 0; from < words.length; from += 1) {
      const name = cleanCompany(words.slice(from).join(' '));
      const plain = name ? squash(name) : '';
      if (name && plain.length >= 3 && (plain.startsWith(stem) || label.startsWith(plain)) && (!best || Math.abs(plain.length - label.length) < Math.abs(squash(best).length - label.length) || plain.length > squash(best).length && squash(best).length < label.length)) best = name;
    }
  }
  return best;
}

function signatureOf(text: string): string | null {
  const lines = text.split('\n').map((line) => line.trim()).filter(Boolean).slice(-5);
  const begins = lines.findIndex((line) => /^(?:--|(?:best |warm |kind )?(?:regards|wishes)|thanks|thank you|cheers|sincerely|best)\b|^--/i.test(line));
  if (begins < 0) return null;
  for (const line of lines.slice(begins).reverse()) {
    const parts = line.replace(/^-+\s*/, '').split(/[,|]/).map((part) => part.trim());
    const name = cleanCompany((parts.at(-1) ?? '').replace(FUNCTION_WORDS, ' ').replace(/\s+/g, ' '));
    if (name && new RegExp(`^${NAME}$`, 'u').test(name) && (parts.length > 1 || line.search(FUNCTION_WORDS) >= 0 || line.search(LEGAL_FORMS) >= 0)) return name;
  }
  return null;
}

const SUBJECT_PREFIX = /^(?:(?:re|fwd?|fw|wg|aw)\s?:\s?|\[[^\]]{1,30}\]\s?|(?:(?:gentle|final|kind)\s)?reminder\s?[:\-–]\s?|(?:date|time|venue|slot|batch|schedule|&|and|\s){0,8}(?:updated?|revised|rescheduled|cancel(?:l)?ed|postponed|confirmed|confirmation|urgent|important|attention|report immediately|correction|invitation|accepted|tentative|update|updated timings & instructions)\s?[:\-–]\s?|in \d+ \w+:\s?|(?:webex |zoom |teams )?(?:meeting )?invit(?:e|ation)(?: to| for)?\s?[:\-–]?\s|hackathon \d{4}\s?[-–:]\s?)/i;

/** A subject without its prefixes ("Re:", "Gentle reminder:", "Date update:"). */
export function coreSubject(subject: string): string {
  let core = subject.trim();
  for (let round = 0; round < 6; round += 1) {
    const shorter = core.replace(SUBJECT_PREFIX, '');
    if (shorter === core) break;
    core = shorter;
  }
  return core;
}

/** The company a mail is about, or null. `extra` are texts that name it before all others, such as a calendar's summary. */
export function findCompany(subject: string, text: string, from: MailAddress, extra: string[] = []): string | null {
  const core = coreSubject(subject);
  const label = companyLabel(from);
  const candidates: { name: string; trust: number }[] = [];
  const add = (raw: string | null | undefined, trust: number) => {
    const name = raw ? cleanCompany(raw) : null;
    if (name) candidates.push({ name, trust });
  };
  const phrase = label ? phraseOfLabel(label, [...extra, core, text, from.name].join('\n').slice(0, 20_000)) : null;
  add(phrase, 95);
  for (const [bonus, source] of [...extra.map((one) => [3, coreSubject(one)] as const), [2, core] as const, [0, text.slice(0, 20_000)] as const]) {
    for (const { trust, pattern } of PATTERNS) {
      const groups = pattern.exec(source)?.groups;
      add(groups?.['name'] ?? groups?.['name2'], trust + bonus);
    }
    if (source !== text.slice(0, 20_000)) {
      const head = source.split(/\s?[:|–]\s|\s-\s|,\s/)[0] ?? '';
      const tail = source.split(/\s[:|–-]\s|,\s|:\s/).at(-1) ?? '';
      if (tail !== source && new RegExp(`^${NAME}$`, 'u').test(tail) && !EVENT_WORDS.test(tail)) add(tail, 74 + bonus);
      if (head !== source && new RegExp(`^${NAME}$`, 'u').test(head) && !EVENT_WORDS.test(head)) add(head, 78 + bonus);
    }
  }
  if (isCampusSender(from) && new RegExp(`^${NAME}$`, 'u').test(core) && !EVENT_WORDS.test(core)) add(core, 58);
  add(signatureOf(text), 65);
  if (!isCampusSender(from)) {
    const inParentheses = /\(([^)]{2,40})\)/.exec(from.name)?.[1];
    const display = from.name.replace(/\([^)]*\)/g, '').replace(FUNCTION_WORDS, ' ').replace(/\s+/g, ' ').trim();
    const dropped = display !== from.name.trim();
    if (!SHARED_HOST.test(from.address.split('@')[1] ?? '')) add(display, dropped && display ? 68 : label && squash(display).includes(label) ? 75 : 20);
    add(inParentheses?.replace(FUNCTION_WORDS, ' '), 30);
    if (label) add(label.charAt(0).toUpperCase() + label.slice(1), 50);
  }
  candidates.sort((a, b) => b.trust - a.trust);
  return candidates[0]?.name ?? null;
}

/** The role a mail is about ("Position: X", "for the post of X", "X interview" with a role's noun), or null. */
export function findRole(text: string): string | null {
  const labelled = /^[\s*•-]{0,4}(?:role|position|opening|job(?: title| role)?|posting|designation|profile|post)[ *]{0,3}[:\-–|=] ?([^\n,(|]{2,60})/im.exec(text)?.[1]
    ?? /\|\s(?:opening|position|role): ?([^\n|]{2,60})/i.exec(text)?.[1];
  const spoken = labelled
    ?? /\b(?:for|as) (?:the |a |an )?(?:post|position|role) of (?:an? )?([A-Z][\w /&+-]{1,50}?)(?=[.,;\n(]|$| (?:at|on|with|is|has)\b)/.exec(text)?.[1]
    ?? /\b(?:for|the) (?:the |an? |our )?([A-Z][\w/&+-]{1,25}(?: [A-Z][\w/&+-]{1,25}){0,4}) (?:position|role|opening|profile|interview)\b/.exec(text)?.[1]
    ?? new RegExp(`((?:[A-Z][\\w/&+-]{0,25} ){0,3}[A-Z]?[\\w-]{0,25}${ROLE_NOUNS.source})(?= interview|[.,:;)\\n]| at )`).exec(text)?.[1];
  const role = spoken?.replace(/[*_]/g, '').trim();
  return role && role.length > 1 ? role : null;
}
