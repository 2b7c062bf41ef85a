// Raw mail, whole and broken.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { looksLikeCandidate } from '../../../domain/interviews/candidate.ts';
import { mailFromFields, parseMail } from '../../../domain/interviews/parse-mail.ts';
import { lines } from './mails.ts';

const bytes = (text: string, encoding: BufferEncoding = 'utf8') => new Uint8Array(Buffer.from(text, encoding));

describe('I7 reading a raw mail', () => {
  test('addresses, thread, parts and verdicts are read, and the date keeps its offset', async () => {
    const mail = await parseMail(bytes(lines(
      'Authentication-Results: mx.example.org; spf=pass smtp.mailfrom=x; dkim=fail header.d=x; dmarc=none', 'From: "Rao, Asha" <Asha@Example.org>', 'To: a@example.org, B <b@example.org>',
      'Date: Mon, 01 Mar 2027 09:00:00 -0500', 'Message-ID: <m1@x>', 'In-Reply-To: <m0@x>', 'References: <r@x> <m0@x>', 'Subject: =?utf-8?q?Gespr=C3=A4ch?=',
      'MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=b', '', '--b', 'Content-Type: text/plain; charset=utf-8', '', 'Hello', '--b', 'Content-Type: text/calendar; method=REQUEST', '', 'BEGIN:VCALENDAR', 'END:VCALENDAR',
      '--b', 'Content-Type: text/csv; name=list.csv', 'Content-Disposition: attachment; filename=list.csv', '', 'Roll No', '--b--', '',
    )));
    expect(mail).toMatchObject({
      from: { name: 'Rao, Asha', address: 'asha@example.org' }, to: [{ address: 'a@example.org' }, { name: 'B', address: 'b@example.org' }], date: '2027-03-01T09:00:00-05:00',
      messageId: '<m1@x>', inReplyTo: '<m0@x>', references: ['<r@x>', '<m0@x>'], subject: 'Gespräch', automatic: false, defects: [],
      authenticationResults: 'mx.example.org; spf=pass smtp.mailfrom=x; dkim=fail header.d=x; dmarc=none', attachments: [{ name: 'list.csv', type: 'text/csv' }],
    });
    expect(mail.calendars).toHaveLength(1);
    expect(mail.text.trim()).toBe('Hello');
  });

  test('8-bit headers without a character set are read as UTF-8, else as windows-1252', async () => {
    const source = lines('From: Zoë <z@example.org>', 'Date: Mon, 01 Mar 2027 09:00:00 +0000', 'Subject: Gespräch über Zoë', '', 'x');
    expect((await parseMail(bytes(source))).subject).toBe('Gespräch über Zoë');
    expect((await parseMail(bytes(source, 'latin1'))).subject).toBe('Gespräch über Zoë');
  });

  test('a mail without a date takes what the server says, and says so', async () => {
    const mail = await parseMail(bytes('Subject: x\r\n\r\ny'), '2027-03-01T00:00:00+00:00');
    expect(mail).toMatchObject({ date: '2027-03-01T00:00:00+00:00', defects: ['no-date'] });
    const received = await parseMail(bytes('Received: from a by b; Mon, 01 Mar 2027 09:00:00 +0100\r\nSubject: x\r\n\r\ny'));
    expect(received.date).toBe('2027-03-01T09:00:00+01:00');
  });

  test('an empty mail and one whose parts never end are read as far as they go', async () => {
    expect((await parseMail(new Uint8Array())).defects).toContain('empty');
    const broken = await parseMail(bytes(lines('Date: Mon, 01 Mar 2027 09:00:00 +0000', 'Content-Type: multipart/mixed; boundary=b', '', '--b', 'Content-Type: text/plain; charset=no-such-set', '', 'Still here')));
    expect(broken.text).toContain('Still here');
  });

  test('an automatic reply is known by its headers', async () => {
    expect((await parseMail(bytes('Auto-Submitted: auto-replied (vacation)\r\nSubject: x\r\n\r\ny'))).automatic).toBe(true);
    expect((await parseMail(bytes('Auto-Submitted: auto-generated\r\nSubject: x\r\n\r\ny'))).automatic).toBe(false);
  });

  test('no bytes make it throw', async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (raw) => { await parseMail(raw); }));
    const header = fc.constantFrom('From: ', 'Subject: ', 'Date: ', 'Content-Type: ', 'Content-Type: multipart/mixed; boundary=', 'Content-Transfer-Encoding: base64', '\r\n', '--b\r\n', '=?utf-8?q?', 'text/calendar');
    await fc.assert(fc.asyncProperty(fc.array(fc.oneof(header, fc.string({ unit: 'binary' })), { maxLength: 20 }), async (parts) => { await parseMail(bytes(parts.join('\r\n'))); }));
  });

  test('separate fields make a mail too', () => {
    expect(mailFromFields({ from: 'A B <A@x.example>', to: 'c@x.example', date: '2027-03-01T09:00:00+05:30', ics: 'BEGIN:VCALENDAR' })).toMatchObject({
      from: { name: 'A B', address: 'a@x.example' }, to: [{ address: 'c@x.example' }], date: '2027-03-01T09:00:00+05:30', calendars: ['BEGIN:VCALENDAR'],
    });
  });
});

describe('I4 candidates by their headers', () => {
  const headers = { subject: 'Hello', from: 'someone@example.org', contentType: 'text/plain' };

  test('what may be an interview is fetched, also without a telling subject', () => {
    expect(looksLikeCandidate(headers)).toBe('yes');
    expect(looksLikeCandidate({ ...headers, contentType: 'text/calendar', listUnsubscribe: '<x>' })).toBe('yes');
    expect(looksLikeCandidate({ ...headers, subject: 'Kestrel drive on Monday', listUnsubscribe: '<x>' })).toBe('yes');
    expect(looksLikeCandidate({ ...headers, precedence: 'list', hasAttachments: true })).toBe('yes');
  });

  test('automatic replies, codes, delivery reports and bulk mail of other things are not', () => {
    expect(looksLikeCandidate({ ...headers, autoSubmitted: 'auto-replied' })).toBe('no');
    expect(looksLikeCandidate({ ...headers, subject: 'Your OTP for login' })).toBe('no');
    expect(looksLikeCandidate({ ...headers, contentType: 'multipart/report; report-type=delivery-status' })).toBe('no');
    expect(looksLikeCandidate({ ...headers, subject: 'Fresh mangoes', listUnsubscribe: '<https://x>' })).toBe('no');
  });
});
