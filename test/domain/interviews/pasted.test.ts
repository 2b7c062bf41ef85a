// Text pasted or forwarded to the bot, as a mail.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { looksPasted, mailFromPaste } from '../../../domain/interviews/pasted.ts';
import { extract } from '../../../domain/interviews/pipeline.ts';
import { asha, campus, lines } from './mails.ts';

const NOW = '2027-05-12T09:00:00+05:30';
const read = (text: string) => extract(mailFromPaste(text, NOW), asha, campus);

describe('I11 a pasted mail', () => {
  test('is read relative to now', async () => {
    expect(await read('Dear Asha, your technical interview with Plover Paints is scheduled tomorrow at 3 pm.')).toMatchObject({
      kind: 'invite', company: 'Plover Paints', start: '2027-05-13T15:00:00+05:30', round: 'technical',
    });
  });

  test('with its head is read relative to its own date, and its sender and subject tell', async () => {
    const text = ['From: Talent <talent@ploverpaints.example>', 'Date: Mon, 10 May 2027 at 17:00', 'Subject: HR interview with Plover Paints', '', 'Please join us the day after tomorrow at 5 pm.'];
    for (const pasted of [text, ['---------- Forwarded message ---------', ...text]]) {
      expect(await read(pasted.join('\n'))).toMatchObject({ company: 'Plover Paints', start: '2027-05-12T17:00:00+05:30', round: 'hr' });
    }
  });

  test('that holds none gives none', async () => {
    for (const text of ['Could you tell me please how this works at all?', 'The library closes on Friday at 5 pm. Please return your books.', '\u0000'.repeat(60), lines('<b>', '<i>')]) {
      expect(await read(text)).toMatchObject({ found: null });
    }
  });

  test.each([
    ['hello', false], ['What about my interview?', false], ['x'.repeat(60), false], ['a b c d e f', false],
    ['Your interview is on 20 May at 10 AM, Block 4.', true],
  ])('“%s” is one: %s', (text, expected) => {
    expect(looksPasted(text)).toBe(expected);
  });

  test('whatever is pasted, it is read without breaking', async () => {
    await fc.assert(fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 600 }), fc.constantFrom('', 'From: ', 'Subject: ', 'Date: '), async (text, head) => {
      expect(await read(head + text)).toHaveProperty('found');
    }), { numRuns: 60 });
  });
});
