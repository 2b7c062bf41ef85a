// The mails of a simulated placement month, as companies and placement cells write them: shortlists, slot lists, personal
// invitations with and without a calendar part, moves, cancellations, reminders.
import type { DateTime } from 'luxon';

/** A mail without its recipient: what all who get it share. Times are in the campus's zone. */
export interface Letter {
  messageId: string;
  inReplyTo?: string;
  from: string;
  subject: string;
  /** Without salutation. */
  body: string;
  calendar?: Appointment;
  /** Whether the campus's mail server found that the sender is who it says. */
  verified: boolean;
}

export interface Appointment {
  uid: string;
  sequence: number;
  method: 'REQUEST' | 'CANCEL';
  summary: string;
  location: string;
  start: DateTime;
  end: DateTime;
}

export interface Recipient {
  name: string;
  email: string;
}

/** What a company calls students to. */
export interface Call {
  company: string;
  /** In the words of the mail, such as "technical interview". */
  event: string;
  place: string;
  isOnline: boolean;
}

/** A time that a mail says; `end` where it says one. A day alone: `isDay`. */
export interface When {
  start: DateTime;
  end?: DateTime;
  isDay?: boolean;
}

const CRLF = '\r\n';
const PLACEMENT_CELL = 'Placement Cell <placements@campus.example>';

const dayOf = (time: DateTime) => time.toFormat('d LLLL yyyy');
const clockOf = (time: DateTime) => time.toFormat('h:mm a');

function spoken({ start, end, isDay }: When): string {
  if (isDay) return `on ${dayOf(start)}`;
  return end ? `on ${dayOf(start)} from ${clockOf(start)} to ${clockOf(end)}` : `on ${dayOf(start)} at ${clockOf(start)}`;
}

const placed = ({ place, isOnline }: Call) => (isOnline ? `The link: ${place}` : `Venue: ${place}`);
const listed = (rows: string[]) => rows.map((row, index) => `${index + 1}. ${row}`).join('\n');
const domainOf = (company: string) => `${company.toLowerCase().replace(/[^a-z]/g, '')}.example`;
const titled = (event: string) => event.charAt(0).toUpperCase() + event.slice(1);

type Part = Pick<Letter, 'from' | 'subject' | 'body' | 'calendar'>;

/** The placement cell's mail to many: who is on the list is meant. `rows` are roll numbers, or roll numbers with own times. */
export function shortlist(call: Call, when: When, rows: string[]): Part {
  return {
    from: PLACEMENT_CELL, subject: `${call.company}: shortlist for the ${call.event}`,
    body: [
      `The ${call.event} of ${call.company} is scheduled ${spoken(when)}.`, placed(call), 'Please find the shortlisted students below.', '', listed(rows), '', 'Placement Cell',
    ].join('\n'),
  };
}

/** The same once more, the evening before. */
export function reminder(call: Call, when: When, rows: string[]): Part {
  const first = shortlist(call, when, rows);
  return { ...first, subject: `Gentle reminder: ${first.subject}` };
}

export function shortlistMoved(call: Call, from: When, to: When, rows: string[]): Part {
  return {
    from: PLACEMENT_CELL, subject: `Rescheduled: ${call.company} ${call.event}`,
    body: [
      `The ${call.event} of ${call.company} has been rescheduled from ${spoken(from).slice(3)} to ${spoken(to).slice(3)}.`, placed(call),
      'The list of shortlisted students stands.', '', listed(rows), '', 'Placement Cell',
    ].join('\n'),
  };
}

export function shortlistCancelled(call: Call, when: When, rows: string[]): Part {
  return {
    from: PLACEMENT_CELL, subject: `Cancelled: ${call.company} ${call.event}`,
    body: [`The ${call.event} of ${call.company} ${spoken(when)} has been cancelled. We regret the inconvenience.`, '', listed(rows), '', 'Placement Cell'].join('\n'),
  };
}

/** A company's own mail to one candidate. */
export function personal(call: Call, when: When): Part {
  return {
    from: `${call.company} Talent <talent@${domainOf(call.company)}>`, subject: `${titled(call.event)} with ${call.company}`,
    body: [
      `We are pleased to invite you to a ${call.event} with ${call.company}. Your ${call.event} is scheduled ${spoken(when)}.`, placed(call), '',
      'Best regards,', `Talent Team, ${call.company}`,
    ].join('\n'),
  };
}

export function personalMoved(call: Call, from: When, to: When): Part {
  return {
    ...personal(call, to), subject: `Rescheduled: ${call.event} with ${call.company}`,
    body: [
      `Your ${call.event} with ${call.company} has been rescheduled from ${spoken(from).slice(3)} to ${spoken(to).slice(3)}.`, placed(call), '',
      'Best regards,', `Talent Team, ${call.company}`,
    ].join('\n'),
  };
}

export function personalCancelled(call: Call, when: When): Part {
  return {
    ...personal(call, when), subject: `Cancelled: ${call.event} with ${call.company}`,
    body: [`Your ${call.event} with ${call.company} ${spoken(when)} has been cancelled. We are sorry.`, '', 'Best regards,', `Talent Team, ${call.company}`].join('\n'),
  };
}

/** The same three with a calendar part: sequence 0 invites, a higher one moves. */
export function invitation(call: Call, { start, end }: { start: DateTime; end: DateTime }, event: Pick<Appointment, 'uid' | 'sequence' | 'method'>): Part {
  const summary = `${call.company}: ${call.event}`;
  const prefix = event.method === 'CANCEL' ? 'Canceled: ' : event.sequence > 0 ? 'Updated: ' : '';
  return {
    from: `${call.company} Talent <talent@${domainOf(call.company)}>`, subject: `${prefix}${summary}`,
    body: event.method === 'CANCEL' ? 'This event has been cancelled.' : `You are invited to a ${call.event} with ${call.company} ${spoken({ start })}.`,
    calendar: { ...event, summary, location: call.place, start, end },
  };
}

/** What else comes into a student's mailbox. */
export function newsletter(): Part {
  return {
    from: 'Career Compass <news@careercompass.example>', subject: 'Seven questions every interviewer asks',
    body: 'This week: how to answer the seven questions that every interviewer asks.\nNext edition on Monday at 8 AM.',
  };
}

/** A letter to one recipient as RFC 5322 text. */
export function writeMail(letter: Letter, to: Recipient, sentAt: DateTime): string {
  const { from, messageId, inReplyTo, calendar } = letter;
  const text = `Dear ${to.name},\n\n${letter.body}\n`;
  const boundary = '=_part';
  const head = [
    ...(letter.verified ? [`Authentication-Results: mx.campus.example; dmarc=pass header.from=${/@([^>]+)/.exec(from)![1]}`] : []),
    `From: ${from}`, `To: ${encoded(to.name)} <${to.email}>`, `Subject: ${letter.subject}`, `Date: ${sentAt.toRFC2822()}`, `Message-ID: ${messageId}`,
    ...(inReplyTo === undefined ? [] : [`In-Reply-To: ${inReplyTo}`]), 'MIME-Version: 1.0',
  ];
  const part = ['Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: 8bit', '', ...text.split('\n')];
  const lines = calendar ? [
    ...head, `Content-Type: multipart/alternative; boundary="${boundary}"`, '', `--${boundary}`, ...part, `--${boundary}`,
    `Content-Type: text/calendar; charset=utf-8; method=${calendar.method}`, '', ...calendarPart(calendar, to, from, sentAt), `--${boundary}--`, '',
  ] : [...head, ...part];
  return lines.join(CRLF);
}

const encoded = (name: string) => `=?utf-8?B?${Buffer.from(name).toString('base64')}?=`;

function calendarPart({ uid, sequence, method, summary, location, start, end }: Appointment, to: Recipient, from: string, sentAt: DateTime): string[] {
  const utc = (time: DateTime) => time.toUTC().toFormat("yyyyMMdd'T'HHmmss'Z'");
  return [
    'BEGIN:VCALENDAR', 'PRODID:-//Talent Desk//Scheduling//EN', 'VERSION:2.0', `METHOD:${method}`, 'BEGIN:VEVENT', `UID:${uid}`, `SEQUENCE:${sequence}`,
    `DTSTAMP:${utc(sentAt)}`, `DTSTART:${utc(start)}`, `DTEND:${utc(end)}`, `SUMMARY:${summary}`, `LOCATION:${location}`,
    `ORGANIZER:mailto:${/<([^>]+)>/.exec(from)![1]}`, `ATTENDEE:mailto:${to.email}`, `STATUS:${method === 'CANCEL' ? 'CANCELLED' : 'CONFIRMED'}`,
    'END:VEVENT', 'END:VCALENDAR',
  ];
}
