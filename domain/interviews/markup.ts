// schema.org markup in a mail's HTML (JSON-LD and microdata) → the event that it describes.
import { HTMLElement, parse } from 'node-html-parser';
import { DateTime } from 'luxon';

/** An event as its markup says it. Times are ISO with offset, or a bare date. */
interface MarkupEvent { name: string; organizer: string; start: string; end: string | null; previousStart: string | null; cancelled: boolean; rescheduled: boolean; location: string; link: string | null; timeZone: string }

const MAX_HTML = 300_000;
const MAX_NODES = 500;
const EVENT_TYPE = /(?:^|[/:])(?:(?:Business|Education|Social|Online)?Event|EventReservation|InterviewAction|ScheduleAction)$/;

type Fields = Record<string, unknown>;
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
const first = (value: unknown): unknown => (Array.isArray(value) ? value[0] : value);
const words = (value: unknown): string => {
  const one = first(value);
  if (typeof one === 'string') return one.trim().slice(0, 500);
  if (!isFields(one)) return '';
  return [words(one['name']), words(one['address']), words(one['streetAddress']), words(one['addressLocality'])].filter(Boolean).join(', ');
};
const linkOf = (value: unknown): string | null => {
  const one = first(value);
  if (typeof one === 'string') return /^https?:\/\//i.test(one) ? one : null;
  return isFields(one) ? linkOf(one['url']) : null;
};

function instant(value: unknown, zone: string): string | null {
  const written = words(value);
  if (/^\d{4}-\d{2}-\d{2}$/.test(written)) return DateTime.fromISO(written).isValid ? written : null;
  const time = /[zZ]$|[+-]\d{2}:?\d{2}$/.test(written) ? DateTime.fromISO(written, { setZone: true }) : DateTime.fromISO(written, { zone });
  return time.isValid ? (time.offset === 0 ? time.setZone(zone) : time).toISO({ suppressMilliseconds: true }) : null;
}

function eventOf(item: Fields, zone: string): MarkupEvent | null {
  const type = words(item['@type']);
  const inner = first(item['reservationFor'] ?? item['object']);
  const event = isFields(inner) ? inner : item;
  if (!EVENT_TYPE.test(type) || (event !== item && !EVENT_TYPE.test(words(event['@type']) || 'Event'))) return null;
  const start = instant(event['startDate'] ?? event['startTime'] ?? item['startTime'], zone);
  if (!start) return null;
  const status = `${words(event['eventStatus'])} ${words(item['reservationStatus'])}`;
  const previousStart = instant(event['previousStartDate'], zone);
  return {
    name: words(event['name']) || words(item['name']), organizer: words(event['organizer'] ?? event['performer'] ?? item['provider']),
    start, end: instant(event['endDate'] ?? event['endTime'], zone), previousStart,
    cancelled: /Cancel/i.test(status), rescheduled: /Rescheduled/i.test(status) || previousStart !== null,
    location: words(event['location']).replace(/https?:\S+/g, '').trim(), link: linkOf(event['location']) ?? linkOf(event['url']) ?? linkOf(item['url']), timeZone: zone,
  };
}

/** The objects of a JSON-LD document: itself, its list, its @graph. */
function objectsOf(json: unknown): Fields[] {
  const found: Fields[] = [];
  const queue: unknown[] = [json];
  for (let seen = 0; queue.length > 0 && seen < MAX_NODES; seen += 1) {
    const next = queue.shift();
    if (Array.isArray(next)) queue.push(...next.slice(0, MAX_NODES));
    else if (isFields(next)) { found.push(next); if (next['@graph']) queue.push(next['@graph']); }
  }
  return found;
}

/** The fields of one microdata item; an inner item is a field of its own. */
function fieldsOf(item: HTMLElement, depth: number): Fields {
  const fields: Fields = { '@type': item.getAttribute('itemtype') ?? '' };
  const stack = [...item.childNodes].reverse();
  for (let seen = 0; stack.length > 0 && seen < MAX_NODES * 10; seen += 1) {
    const node = stack.pop();
    if (!(node instanceof HTMLElement)) continue;
    const name = node.getAttribute('itemprop');
    const isItem = node.hasAttribute('itemscope');
    if (name && !(name in fields)) {
      fields[name] = isItem ? (depth < 5 ? fieldsOf(node, depth + 1) : '')
        : node.getAttribute('content') ?? node.getAttribute('datetime') ?? node.getAttribute('href') ?? node.text.trim();
    }
    if (!isItem) stack.push(...[...node.childNodes].reverse());
  }
  return fields;
}

/** The first event in a mail's markup, or null. Never throws. `zone` is for times without an offset. */
export function readMarkup(html: string, zone: string): MarkupEvent | null {
  if (!/schema\.org/i.test(html)) return null;
  const root = parse(html.slice(0, MAX_HTML));
  for (const script of root.querySelectorAll('script').slice(0, 50)) {
    if (!/ld\+json/i.test(script.getAttribute('type') ?? '')) continue;
    try {
      for (const item of objectsOf(JSON.parse(script.rawText))) {
        const event = eventOf(item, zone);
        if (event) return event;
      }
    } catch {
      // Broken JSON is no markup; the rules read the text.
    }
  }
  for (const item of root.querySelectorAll('[itemscope]').slice(0, MAX_NODES)) {
    if (item.hasAttribute('itemprop')) continue;
    const event = eventOf(fieldsOf(item, 0), zone);
    if (event) return event;
  }
  return null;
}
