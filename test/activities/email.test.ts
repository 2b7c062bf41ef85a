// The e-mail sender against a real SMTP receiver; the calendar part is read by ical.js.
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import ICAL from 'ical.js';
import { DateTime } from 'luxon';
import { SMTPServer } from 'smtp-server';
import { createEmailSender } from '../../activities/email.ts';
import { type MailReceiver, type MailReceiverOptions, startMailReceiver } from '../../bin/embedded/mail-receiver.ts';
import type { NoticeKind } from '../../domain/notices.ts';
import { sampleOf } from '../locales/samples.ts';

type EmailSender = ReturnType<typeof createEmailSender>;

let receiver: MailReceiver | undefined;
let sender: EmailSender | undefined;
afterEach(async () => {
  sender?.close();
  await receiver?.stop();
});

const senderTo = (smtpUrl: string): EmailSender => (sender = createEmailSender({
  smtpUrl, from: 'Beadle <beadle@campus.example>', campusTimeZone: 'Asia/Kolkata', now: () => DateTime.fromISO('2026-11-20T10:00:00Z'),
}));

async function started(options: MailReceiverOptions = {}): Promise<EmailSender> {
  receiver = await startMailReceiver(options);
  return senderTo(receiver.url);
}

function deliveryOf(kind: NoticeKind, more: Partial<{ name: string; address: string; params: Record<string, unknown> }> = {}) {
  return {
    id: 1, address: 'asha@campus.example', messageId: '<0b54c5d6@beadle>', attempts: 1, locale: 'en-IN', timeZone: 'Asia/Kolkata', name: 'Asha Rāo',
    ...sampleOf(kind), ...more,
  };
}

const received = () => receiver!.mails[0]!;

/** The calendar part as its reader gets it; its method is said twice, in the part's header and in the calendar. */
function calendarPart(): { headerMethod: string | undefined; calendar: ICAL.Component } {
  const part = received().parsed.attachments.find(({ mimeType }) => mimeType === 'text/calendar')!;
  const text = typeof part.content === 'string' ? part.content : new TextDecoder().decode(part.content);
  return { headerMethod: part.method, calendar: new ICAL.Component(ICAL.parse(text)) };
}

describe('I20 notices by mail', () => {
  test('a mail has its subject, text, HTML, its own Message-ID, and says that a machine wrote it', async () => {
    const send = await started();
    expect(await send(deliveryOf('class-moved'))).toEqual({ kind: 'sent' });
    const { parsed, to } = received();
    expect(to).toEqual(['asha@campus.example']);
    expect(parsed).toMatchObject({
      subject: 'PH201 Optics is moved', messageId: '<0b54c5d6@beadle>',
      from: { name: 'Beadle', address: 'beadle@campus.example' }, to: [{ name: 'Asha Rāo', address: 'asha@campus.example' }],
    });
    expect(parsed.headers.find(({ key }) => key === 'auto-submitted')?.value).toBe('auto-generated');
    expect(parsed.text).toContain('Before: Mon, 23 Nov');
    expect(parsed.html).toContain('<h1>PH201 Optics is moved</h1>');
  });

  test('a moved class carries a REQUEST for its event, in the header and in the part', async () => {
    const send = await started();
    await send(deliveryOf('class-moved'));
    const { headerMethod, calendar } = calendarPart();
    expect(headerMethod).toBe('REQUEST');
    const event = calendar.getFirstSubcomponent('vevent')!;
    expect(calendar.getFirstPropertyValue('method')).toBe('REQUEST');
    expect(event.getFirstPropertyValue('uid')).toBe('session-9@beadle');
    expect(event.getFirstPropertyValue('sequence')).toBe(3);
    expect(new ICAL.Event(event).startDate.toJSDate().toISOString()).toBe('2026-11-24T04:30:00.000Z');
  });

  test('an interview that is called off carries a CANCEL', async () => {
    const send = await started();
    await send(deliveryOf('interview-called-off'));
    const { headerMethod, calendar } = calendarPart();
    expect(headerMethod).toBe('CANCEL');
    expect(calendar.getFirstPropertyValue('method')).toBe('CANCEL');
    expect(calendar.getFirstSubcomponent('vevent')!.getFirstPropertyValue('status')).toBe('CANCELLED');
  });

  test('what changes no calendar has no calendar part', async () => {
    const send = await started();
    await send(deliveryOf('class-stays'));
    expect(received().raw.toString()).not.toMatch(/text\/calendar/);
  });

  test.each(['interview-question', 'interview-which'] as const)('%s says where it is answered', async (kind) => {
    const send = await started();
    await send(deliveryOf(kind));
    expect(received().parsed.text).toContain('“interviews”');
  });

  test('an offer says where it is answered', async () => {
    const send = await started();
    await send(deliveryOf('reschedule-offer'));
    expect(received().parsed.text).toContain('makeups');
  });

  test('markup in what others wrote stays text', async () => {
    const send = await started();
    await send(deliveryOf('interview-found'));
    expect(received().parsed.html).toContain('Nimbus &amp; Söhne &lt;R&amp;D&gt;');
    expect(received().parsed.subject).toBe('Interview: Nimbus & Söhne <R&D>');
  });
});

describe('I20 nobody writes headers or recipients of ours', () => {
  const INJECTION = 'X\r\nBcc: eve@elsewhere.example\r\n\r\n<script>';

  test('a name or a company with line breaks stays inside its header', async () => {
    const send = await started();
    const delivery = deliveryOf('interview-found', { name: INJECTION });
    await send({ ...delivery, params: { ...delivery.params, company: INJECTION, location: INJECTION } });
    const { parsed, to } = received();
    expect(to).toEqual(['asha@campus.example']);
    expect(parsed.bcc ?? []).toEqual([]);
    expect(parsed.headers.map(({ key }) => key)).not.toContain('bcc');
    expect(calendarPart().calendar.getAllSubcomponents('vevent')).toHaveLength(1);
  });

  test.each(['a@x.example, b@x.example', 'a@x.example\r\nBcc: b@x.example', '"a b"@x.example', 'nobody', ''])('an address like %j is not written to', async (address) => {
    const send = await started();
    expect(await send(deliveryOf('class-stays', { address }))).toEqual({ kind: 'never', errorCode: 'address-unusable' });
    expect(receiver!.mails).toEqual([]);
  });
});

describe('I20 what becomes of a mail that is not taken', () => {
  test('a recipient that does not exist is given up', async () => {
    const send = await started({ recipient: () => ({ code: 550, text: 'no such person' }) });
    expect(await send(deliveryOf('class-stays'))).toEqual({ kind: 'never', errorCode: 'smtp-550' });
  });

  test('a mail that is refused for good is given up', async () => {
    const send = await started({ message: () => ({ code: 554, text: 'not here' }) });
    expect(await send(deliveryOf('class-stays'))).toEqual({ kind: 'never', errorCode: 'smtp-554' });
  });

  test('greylisting is waited out', async () => {
    const send = await started({ recipient: () => ({ code: 451, text: 'later' }) });
    expect(await send(deliveryOf('class-stays'))).toEqual({ kind: 'later', errorCode: 'smtp-451' });
  });

  test('a server that is away is tried later', async () => {
    expect(await senderTo('smtp://127.0.0.1:9')(deliveryOf('class-stays'))).toEqual({ kind: 'later', errorCode: 'smtp-unreachable' });
  });

  test('a login that is refused is not the recipient’s fault', async () => {
    const server = new SMTPServer({ disabledCommands: ['STARTTLS'], allowInsecureAuth: true, logger: false, onAuth: (_auth, _session, done) => done(new Error('no')) });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.server.address() as AddressInfo;
    const result = await senderTo(`smtp://beadle:wrong@127.0.0.1:${port}`)(deliveryOf('class-stays'));
    await new Promise<void>((resolve) => server.close(resolve));
    expect(result).toEqual({ kind: 'later', errorCode: 'smtp-535' });
  });
});
