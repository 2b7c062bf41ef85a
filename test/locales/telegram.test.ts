// Messages in Telegram's form.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { telegramPart, telegramParts } from '../../locales/telegram.ts';
import { visibleText } from '../support/telegram-html.ts';

const line = fc.oneof(
  fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom('<', '>', '&', '"', '</b>', '&lt;', '😀', 'א', '\uD800') }),
  fc.integer({ min: 1, max: 6000 }).map((length) => '<'.repeat(length)), fc.integer({ min: 1, max: 3000 }).map((length) => '😀'.repeat(length)),
);
const message = fc.record({ title: fc.option(line, { nil: undefined }), lines: fc.array(line, { minLength: 1, maxLength: 12 }) })
  .map(({ title, lines }) => ({ lines, ...(title !== undefined && { title }) }));

describe('D4 messages in Telegram’s form', () => {
  test('whatever is in it, each part is valid and no longer than Telegram takes', () => {
    fc.assert(fc.property(message, (any) => {
      for (const html of [...telegramParts(any).parts, telegramPart(any).html]) {
        expect(visibleText(html).length).toBeLessThanOrEqual(4096);
        expect(html.isWellFormed()).toBe(true);
      }
    }));
  });

  test('no line is lost and none is cut that fits into a message', () => {
    fc.assert(fc.property(message, (any) => {
      fc.pre(any.lines.every((text) => text.length <= 4096) && (any.title ?? '').length <= 4096);
      const shown = telegramParts(any).parts.map(visibleText).join('\n');
      expect(shown).toBe([...(any.title === undefined ? [] : [any.title]), ...any.lines].map((text) => text.toWellFormed()).join('\n'));
    }));
  });

  test('a notice that is too long says that there is more', () => {
    const { html } = telegramPart({ title: 'Classes', lines: Array.from({ length: 300 }, (_, number) => `${number}: a class like many others`) });
    expect(visibleText(html)).toMatch(/others\n…$/);
  });

  test('each button has a row of its own', () => {
    const { keyboard } = telegramParts({ lines: ['?'], buttons: [{ label: 'Yes', action: 'decide:1:2' }, { label: 'No', action: 'decide:1:decline' }] });
    expect(keyboard).toEqual({ inline_keyboard: [[{ text: 'Yes', callback_data: 'decide:1:2' }], [{ text: 'No', callback_data: 'decide:1:decline' }]] });
  });
});
