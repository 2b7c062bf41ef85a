// The local SMTP receiver, spoken to by nodemailer.
import { afterEach, describe, expect, test } from '@jest/globals';
import nodemailer from 'nodemailer';
import type { MailReceiver, MailReceiverOptions } from '../../../bin/embedded/mail-receiver.ts';
import { startMailReceiver } from '../../../bin/embedded/mail-receiver.ts';

let receiver: MailReceiver | undefined;
afterEach(() => receiver?.stop());

async function started(options: MailReceiverOptions = {}): Promise<MailReceiver> {
  receiver = await startMailReceiver(options);
  return receiver;
}

function send(url: string, to: string, subject: string): Promise<unknown> {
  return nodemailer.createTransport(url).sendMail({ from: 'beadle@campus.example', to, subject, text: 'Room 4, ten o’clock' });
}

describe('D9 a local mail receiver', () => {
  test('keeps what it took, parsed, and tells of it', async () => {
    const told: string[] = [];
    const { url, waitFor, mails } = await started({ onMail: (mail) => told.push(mail.parsed.subject ?? '') });
    const later = waitFor((mail) => mail.parsed.subject === 'Moved');
    await send(url, 'asha@campus.example', 'Moved');
    expect(await later).toMatchObject({ to: ['asha@campus.example'], from: 'beadle@campus.example' });
    expect(mails[0]?.parsed.text).toContain('ten o’clock');
    expect(told).toEqual(['Moved']);
  });

  test('refuses a recipient with the code it is told to', async () => {
    const { url, mails } = await started({
      recipient: (address) => (address.startsWith('gone') ? { code: 550, text: 'no such person' } : 'accept'),
    });
    await expect(send(url, 'gone@campus.example', 'Hello')).rejects.toMatchObject({ responseCode: 550 });
    await send(url, 'here@campus.example', 'Hello');
    expect(mails).toHaveLength(1);
  });

  test('fails a whole mail for now, so that the sender tries again', async () => {
    let tries = 0;
    const { url, mails } = await started({ message: async () => (++tries === 1 ? { code: 451, text: 'later' } : 'accept') });
    await expect(send(url, 'asha@campus.example', 'Again')).rejects.toMatchObject({ responseCode: 451 });
    await send(url, 'asha@campus.example', 'Again');
    expect(mails).toHaveLength(1);
  });
});
