// Mails as students get them, short: a personal calendar invitation, a shortlist to many, something else.
import type { DateTime } from 'luxon';

const CRLF = '\r\n';

interface Envelope {
  to: string;
  messageId?: string;
  now: DateTime;
}

function headers({ to, messageId, now }: Envelope, from: string, subject: string): string[] {
  return [
    verifiedFrom(from), `From: ${from}`, `To: ${to}`, `Subject: ${subject}`, `Date: ${now.toRFC2822()}`, ...(messageId === undefined ? [] : [`Message-ID: ${messageId}`]),
    'MIME-Version: 1.0',
  ];
}

/** What a campus's mail server says of a sender who is who they say. */
const verifiedFrom = (from: string) => `Authentication-Results: mx.campus.example; dmarc=pass header.from=${/@([^>]+)/.exec(from)![1]}`;

/** An invitation to a personal interview. */
export function invitationMail(envelope: Envelope, { company, start, uid }: { company: string; start: DateTime; uid: string }): string {
  const utc = (time: DateTime) => time.toUTC().toFormat("yyyyMMdd'T'HHmmss'Z'");
  const calendar = [
    'BEGIN:VCALENDAR', 'PRODID:-//Tests//EN', 'VERSION:2.0', 'METHOD:REQUEST', 'BEGIN:VEVENT', `UID:${uid}`, 'SEQUENCE:0', `DTSTAMP:${utc(envelope.now)}`,
    `DTSTART:${utc(start)}`, `DTEND:${utc(start.plus({ hours: 1 }))}`, `SUMMARY:${company}: technical interview`,
    `ORGANIZER:mailto:talent@${company.toLowerCase().replace(/[^a-z]/g, '')}.example`, `ATTENDEE:mailto:${envelope.to}`, 'STATUS:CONFIRMED', 'END:VEVENT', 'END:VCALENDAR',
  ];
  return [
    ...headers(envelope, `${company} Talent <talent@mail.example>`, `${company}: technical interview`), 'Content-Type: text/calendar; method=REQUEST; charset=utf-8',
    '', ...calendar, '',
  ].join(CRLF);
}

/** A placement cell's mail to many; those whose roll numbers it lists are meant. */
export function shortlistMail(
  envelope: Envelope, { company, start, rollNumbers, greeting = 'Dear students' }: { company: string; start: DateTime; rollNumbers: string[]; greeting?: string },
): string {
  return [
    ...headers(envelope, 'Placement Cell <placements@campus.example>', `${company} technical interview: shortlist`), 'Content-Type: text/plain; charset=utf-8', '',
    `${greeting},`, '', `The technical interview of ${company} is scheduled on ${start.toFormat('d MMMM yyyy')} at ${start.toFormat('h:mm a')}, online.`,
    'Shortlisted students:', ...rollNumbers.map((rollNumber, index) => `${index + 1}. ${rollNumber}`), '',
  ].join(CRLF);
}

/** A mail that has nothing to do with interviews. */
export function plainMail(envelope: Envelope, { subject, text }: { subject: string; text: string }): string {
  return [...headers(envelope, 'Library <library@campus.example>', subject), 'Content-Type: text/plain; charset=utf-8', '', text, ''].join(CRLF);
}
