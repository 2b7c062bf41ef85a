// Mails for benchmarks: of the kinds that a student's mailbox has, each of its own, some 4 kB long.
import type { DateTime } from 'luxon';
import type { Owner } from './installation.ts';

const CRLF = '\r\n';
/** The campus's mail server found that the sender is who it says. */
const VERIFIED = 'Authentication-Results: mx.campus.example; spf=pass; dkim=pass; dmarc=pass';
const FIRST = ['Cobalt', 'Heron', 'Juniper', 'Marigold', 'Quartz', 'Sable', 'Tamarind', 'Umber', 'Violet', 'Willow'];
const SECOND = ['Analytics', 'Biosciences', 'Energy', 'Finance', 'Logistics', 'Mobility', 'Networks', 'Robotics', 'Software', 'Textiles'];
const PARAGRAPH = 'Please keep your identity card and two copies of your résumé ready, join from a quiet place with a stable line, and write to us in '
  + 'good time if anything about the arrangements is unclear. Travel is not needed unless we say so. ';

/** The `index`th mail to a student; no two are alike. Two of five hold an interview of the student's own. */
export function benchMail(owner: Owner, index: number, now: DateTime): Buffer {
  const number = owner.studentId * 100 + index;
  const company = `${FIRST[number % 10]!} ${SECOND[Math.floor(number / 10) % 10]!}`;
  const at = now.setZone('Asia/Kolkata').startOf('day').plus({ days: 1 + (number % 20), hours: 8 + (number % 10), minutes: 15 * (number % 4) });
  const id = `${number}.${now.toMillis()}`;
  switch (index % 5) {
    case 0: return invitation(owner, company, at, id, now);
    case 1: return confirmation(owner, company, at, id, now);
    case 2: return mail(owner, { from: `News of ${company} <news@mail.example>`, subject: `This week at ${company}, no. ${number}`, id, now, bulk: true }, filler(number, 18));
    case 3: return mail(owner, { from: 'Library <library@campus.example>', subject: `Two books are due (${number})`, id, now }, filler(number, 12));
    default: return mail(owner, { from: `Study group <group${number}@campus.example>`, subject: `Notes of chapter ${number % 30}`, id, now }, filler(number, 12));
  }
}

function filler(number: number, paragraphs: number): string {
  return Array.from({ length: paragraphs }, (_, index) => `${index + 1}/${number}: ${PARAGRAPH}`).join(CRLF + CRLF);
}

interface Headers { from: string; subject: string; id: string; now: DateTime; bulk?: boolean; type?: string }

function mail(owner: Owner, { from, subject, id, now, bulk = false, type = 'text/plain; charset=utf-8' }: Headers, body: string): Buffer {
  return Buffer.from([
    VERIFIED, `From: ${from}`, `To: ${owner.email}`, `Subject: ${subject}`, `Date: ${now.toRFC2822()}`, `Message-ID: <${id}@mail.example>`, 'MIME-Version: 1.0',
    ...(bulk ? ['List-Unsubscribe: <https://mail.example/unsubscribe>'] : []), `Content-Type: ${type}`, 'Content-Transfer-Encoding: 8bit', '', body, '',
  ].join(CRLF));
}

function multipart(parts: [type: string, body: string][]): { type: string; body: string } {
  const boundary = 'part-of-a-mail';
  return {
    type: `multipart/alternative; boundary="${boundary}"`,
    body: [...parts.flatMap(([type, body]) => [`--${boundary}`, `Content-Type: ${type}; charset=utf-8`, '', body, '']), `--${boundary}--`].join(CRLF),
  };
}

function invitation(owner: Owner, company: string, at: DateTime, id: string, now: DateTime): Buffer {
  const utc = (time: DateTime) => time.toUTC().toFormat("yyyyMMdd'T'HHmmss'Z'");
  const calendar = [
    'BEGIN:VCALENDAR', 'PRODID:-//Bench//EN', 'VERSION:2.0', 'METHOD:REQUEST', 'BEGIN:VEVENT', `UID:${id}@calendar.example`, 'SEQUENCE:0',
    `DTSTAMP:${utc(now)}`, `DTSTART:${utc(at)}`, `DTEND:${utc(at.plus({ minutes: 45 }))}`, `SUMMARY:${company}: technical interview`,
    `ORGANIZER:mailto:talent@${company.split(' ')[0]!.toLowerCase()}.example`, `ATTENDEE:mailto:${owner.email}`, 'STATUS:CONFIRMED', 'END:VEVENT', 'END:VCALENDAR',
  ].join(CRLF);
  const text = `You are invited to a technical interview with ${company} on ${at.toFormat('d LLLL yyyy')} at ${at.toFormat('h:mm a')} IST.`;
  const { type, body } = multipart([['text/plain', `${text}${CRLF}${filler(1, 5)}`], ['text/html', html(text, 5)], ['text/calendar; method=REQUEST', calendar]]);
  return mail(owner, { from: `${company} Talent <talent@mail.example>`, subject: `${company}: technical interview`, id, now, type }, body);
}

function confirmation(owner: Owner, company: string, at: DateTime, id: string, now: DateTime): Buffer {
  const text = `Dear ${owner.name}, your HR interview with ${company} is scheduled on ${at.toFormat('d LLLL yyyy')} at ${at.toFormat('h:mm a')} IST, online.`;
  const { type, body } = multipart([['text/plain', `${text}${CRLF}${filler(2, 5)}`], ['text/html', html(text, 5)]]);
  return mail(owner, { from: `${company} Recruiting <recruiting@mail.example>`, subject: `Interview with ${company} confirmed`, id, now, type }, body);
}

function html(text: string, paragraphs: number): string {
  const more = filler(3, paragraphs).split(CRLF + CRLF).map((line) => `<p style="margin:0 0 8px;font-family:sans-serif">${line}</p>`).join(CRLF);
  return `<html><body><table width="100%"><tr><td><p><b>${text}</b></p>${more}</td></tr></table></body></html>`;
}

/** A company's invitation to an interview of an hour, the same to everybody but for the name. */
export function driveMail(owner: Owner, company: string, at: DateTime, now: DateTime): Buffer {
  const text = `Dear ${owner.name}, your technical interview with ${company} is scheduled on ${at.toFormat('d LLLL yyyy')} at ${at.toFormat('h:mm a')} IST, online.`;
  const { type, body } = multipart([['text/plain', `${text}${CRLF}${filler(2, 5)}`], ['text/html', html(text, 5)]]);
  const id = `drive.${owner.studentId}.${at.toMillis()}`;
  return mail(owner, { from: `${company} Recruiting <recruiting@mail.example>`, subject: `Interview with ${company} confirmed`, id, now, type }, body);
}
