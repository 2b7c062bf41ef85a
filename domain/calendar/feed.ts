// The iCal feed of a person, room, section or faculty member.
import { escape } from 'ical-generator';
import { addEvent, calendarText, emptyCalendar, printable, utc, zoneId, type FeedEvent } from './vcalendar.ts';

export interface Feed {
  readonly name: string;
  /** IANA zone of the feed's owner; each event has its own. */
  readonly zone: string;
  /** How often clients should look again. */
  readonly refreshMinutes: number;
  /** Cancelled ones included, as long as they are to be shown as such. */
  readonly events: readonly FeedEvent[];
}

/**
 * The feed as iCalendar text. The same events in whatever order give the same text, at any time. Throws RangeError when an
 * event's uid, a time or a zone isn't usable.
 */
export function buildFeed({ name, zone, refreshMinutes, events }: Feed): string {
  const calendar = emptyCalendar()
    // ical-generator escapes the texts of events, but not the name.
    .name(escape(printable(name), false))
    .ttl(refreshMinutes * 60)
    .x('X-WR-TIMEZONE', zoneId(zone));
  const ordered = events.map((event) => ({ event, at: utc(event.start).toMillis() }));
  ordered.sort((a, b) => a.at - b.at || (a.event.uid < b.event.uid ? -1 : 1));
  for (const { event } of ordered) addEvent(calendar, event);
  return calendarText(calendar);
}
