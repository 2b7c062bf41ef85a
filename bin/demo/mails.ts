// The mails of the demo, as real ones look: a calendar invitation, its update and cancellation, a shortlist, a newsletter.
import { randomUUID } from 'node:crypto';
import type { DateTime } from 'luxon';

export interface Recipient {
  name: string;
  email: string;
}

interface Appointment {
  uid: string;
  sequence: number;
  method: 'REQUEST' | 'CANCEL';
  company: string;
  start: DateTime;
}

const CRLF = '\r\n';
/** The campus's mail server found that the sender is who it says. */
const VERIFIED = 'mx.campus.example; spf=pass; dkim=pass; dmarc=pass';

function mail(headers: Record<string, string>, body: string, now: DateTime): Buffer {
  const all = { 'Authentication-Results': VERIFIED, 'Message-ID': `<${randomUUID()}@mail.example>`, Date: now.toRFC2822()!, 'MIME-Version': '1.0', ...headers };
  return Buffer.from([...Object.entries(all).map(([name, value]) => `${name}: ${value}`), '', body].join(CRLF));
}

const encoded = (text: string) => `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`;
const address = ({ name, email }: Recipient) => `${encoded(name)} <${email}>`;
const domainOf = (company: string) => `${company.toLowerCase().replace(/[^a-z]/g, '')}.example`;

/** A recruiter's calendar mail: an invitation (sequence 0), an update (higher) or a cancellation. */
export function calendarMail(to: Recipient, appointment: Appointment, now: DateTime): Buffer {
  const { company, start, method, sequence, uid } = appointment;
  const utc = (time: DateTime) => time.toUTC().toFormat("yyyyMMdd'T'HHmmss'Z'");
  const prefix = method === 'CANCEL' ? 'Canceled: ' : sequence > 0 ? 'Updated: ' : '';
  const title = `${company}: technical interview`;
  const calendar = [
    'BEGIN:VCALENDAR', 'PRODID:-//Demo//Recruiting//EN', 'VERSION:2.0', `METHOD:${method}`, 'BEGIN:VEVENT', `UID:${uid}`,
    `SEQUENCE:${sequence}`, `DTSTAMP:${utc(now)}`, `DTSTART:${utc(start)}`, `DTEND:${utc(start.plus({ hours: 1 }))}`,
    `SUMMARY:${title}`, `ORGANIZER;CN=${company} Talent:mailto:talent@${domainOf(company)}`,
    `ATTENDEE;CN=Candidate:mailto:${to.email}`, `STATUS:${method === 'CANCEL' ? 'CANCELLED' : 'CONFIRMED'}`, 'END:VEVENT', 'END:VCALENDAR', '',
  ].join(CRLF);
  const boundary = `=_${randomUUID()}`;
  const text = `${title} on ${start.toFormat('cccc, d LLLL yyyy, HH:mm')} (${start.zoneName}). We look forward to meeting you.`;
  return mail({
    From: `${company} Talent <talent@${domainOf(company)}>`, To: address(to), Subject: `${prefix}${title}`,
    'Content-Type': `multipart/alternative; boundary="${boundary}"`,
  }, [
    `--${boundary}`, 'Content-Type: text/plain; charset=utf-8', '', text, '',
    `--${boundary}`, `Content-Type: text/calendar; charset=utf-8; method=${method}`, '', calendar, `--${boundary}--`, '',
  ].join(CRLF), now);
}

/** The placement cell's mail to a whole section: who is on the list is meant. One Message-ID: it is one mail to many. */
export function shortlistMail(
  to: Recipient, drive: { company: string; start: DateTime; rollNumbers: string[]; messageId: string }, now: DateTime,
): Buffer {
  return mail({
    'Message-ID': drive.messageId, From: 'Placement Cell <placements@campus.example>', To: address(to),
    Subject: `${drive.company}: shortlist for the online test`, 'Content-Type': 'text/plain; charset=utf-8', 'Content-Transfer-Encoding': '8bit',
  }, [
    `Dear ${to.name},`, '',
    `The online test of ${drive.company} is scheduled on ${drive.start.toFormat('d LLLL yyyy')} at ${drive.start.toFormat('h:mm a')}.`,
    'Please find the shortlisted students below.', '', ...drive.rollNumbers.map((rollNumber, index) => `${index + 1}. ${rollNumber}`), '',
    'Placement Cell', '',
  ].join(CRLF), now);
}

export function newsletterMail(to: Recipient, now: DateTime): Buffer {
  return mail({
    From: 'Career Compass <news@careercompass.example>', To: address(to), Subject: 'Seven questions every interviewer asks',
    'List-Unsubscribe': '<https://careercompass.example/unsubscribe>', 'Content-Type': 'text/plain; charset=utf-8',
  }, ['This week: how to answer the seven questions that every interviewer asks.', 'Next edition on Monday at 8 AM.', ''].join(CRLF), now);
}
