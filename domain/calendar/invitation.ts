// The calendar part of an e-mail (iTIP, RFC 5546): puts an event into the recipient's calendar, moves it, or takes it out.

import { ICalAttendeeRole, ICalAttendeeStatus, ICalCalendarMethod } from 'ical-generator';
import { addEvent, calendarText, emptyCalendar, printable, type FeedEvent } from './vcalendar.ts';

export interface Party {
  readonly name: string;
  readonly email: string;
}

/** The part's text and its method, which the Content-Type header repeats: `text/calendar; charset=utf-8; method=…`. */
export interface Invitation {
  readonly method: 'REQUEST' | 'CANCEL';
  readonly content: string;
}

/**
 * The invitation of one person to one event. A cancelled event becomes METHOD:CANCEL (a cancellation that says REQUEST leaves
 * the event standing in calendars), any other a REQUEST; no answer is asked for. The event's uid stays and its sequence rises
 * with each change. Throws RangeError when an address, the uid, a time or the zone isn't usable.
 */
export function buildInvitation(event: FeedEvent, organizer: Party, attendee: Party): Invitation {
  const method = event.status === 'cancelled' ? 'CANCEL' : 'REQUEST';
  const calendar = emptyCalendar().method(ICalCalendarMethod[method]);
  const vevent = addEvent(calendar, event);
  vevent.organizer({ name: nameOf(organizer), email: addressOf(organizer) });
  vevent.createAttendee({
    name: nameOf(attendee),
    email: addressOf(attendee),
    role: ICalAttendeeRole.REQ,
    status: ICalAttendeeStatus.NEEDSACTION,
    rsvp: false,
  });
  return { method, content: calendarText(calendar) };
}

function nameOf({ name, email }: Party): string {
  return printable(name).trim() || email;
}

function addressOf({ email }: Party): string {
  // Stricter than RFC 5322 on purpose: nothing that could end the property or need quotes.
  if (!/^[^\s\p{Cc}"<>,;:\\@]+@[^\s\p{Cc}"<>,;:\\@]+$/u.test(email)) throw new RangeError('not an e-mail address for a calendar');
  return email;
}
