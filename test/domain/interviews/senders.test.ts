// Addresses and domains of the sender list.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { senderPattern, senderVerdict, type SenderVerdict } from '../../../domain/interviews/senders.ts';

describe('I10 the sender list', () => {
  test.each([
    ['Pelican.Example', 'pelican.example'], [' @pelican.example ', 'pelican.example'], ['Talent@Pelican.Example', 'talent@pelican.example'],
    ['a.b+c@mail.pelican.example', 'a.b+c@mail.pelican.example'], ['müller.example', 'xn--mller-kva.example'], ['hr@müller.example', 'hr@xn--mller-kva.example'],
  ])('%s is %s', (written, pattern) => {
    expect(senderPattern(written)).toBe(pattern);
  });

  test.each([
    '', ' ', 'localhost', 'pelican', '*.pelican.example', '*', '%', 'a b@pelican.example', 'a@b@pelican.example', '<a@pelican.example>', 'a@', 'a@pelican..example',
    '-a.example', 'https://pelican.example', 'pelican.example/x', '10.0.0.1', 'a,b@pelican.example', `${'a'.repeat(65)}@pelican.example`, `${'a.'.repeat(140)}example`,
    'पेलिकन@pelican.example', 'a@[10.0.0.1]',
  ])('“%s” is neither an address nor a domain', (written) => {
    expect(senderPattern(written)).toBeNull();
  });

  test('an address comes before its domain, a domain before those above it, and nothing else is meant', () => {
    const list = new Map<string, SenderVerdict>([
      ['pelican.example', 'deny'], ['mail.pelican.example', 'allow'], ['talent@pelican.example', 'allow'],
    ]);
    const of = (address: string) => senderVerdict(list, address);
    expect(['TALENT@pelican.example', 'x@pelican.example', 'x@mail.pelican.example', 'x@deep.mail.pelican.example', 'x@other.pelican.example'].map(of))
      .toEqual(['allow', 'deny', 'allow', 'allow', 'deny']);
    expect(['x@notpelican.example', 'pelican.example@other.example', 'x@pelican.example.org', '', 'nonsense'].map(of)).toEqual([null, null, null, null, null]);
  });

  test('whatever is written gives a pattern that is read as itself, or none', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.emailAddress(), fc.domain()), (written) => {
      const pattern = senderPattern(written);
      expect(pattern === null ? null : senderPattern(pattern)).toBe(pattern);
      if (pattern !== null) expect(pattern).toMatch(/^[\x21-\x7e]{1,191}$/);
    }));
  });
});
