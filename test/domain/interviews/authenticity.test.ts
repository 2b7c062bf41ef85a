// Whether a mail comes from whom it says, as Authentication-Results tell.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Authenticity, authenticityOf, confidenceOf } from '../../../domain/interviews/authenticity.ts';
import { parseMail } from '../../../domain/interviews/parse-mail.ts';
import { lines } from './mails.ts';

const FROM = 'talent@pelican.example';

describe('I10 Authentication-Results', () => {
  test.each([
    ['dmarc passes', 'mx.campus.example; dmarc=pass header.from=pelican.example', 'verified'],
    ['dmarc passes though spf fails, as after a forward', 'mx; spf=fail smtp.mailfrom=list.example; dmarc=pass header.from=pelican.example', 'verified'],
    ['dmarc fails though spf passes', 'mx; spf=pass smtp.mailfrom=pelican.example; dmarc=fail header.from=pelican.example', 'failed'],
    ['spf passes for the sender, and nobody checked dmarc', 'mx; spf=pass smtp.mailfrom=bounce@mail.pelican.example', 'verified'],
    ['dkim passes for the sender', 'mx; dkim=fail header.d=list.example; dkim=pass header.d=pelican.example; dmarc=none', 'verified'],
    ['dkim passes for the address that signs', 'mx; dkim=pass header.i=@pelican.example', 'verified'],
    ['a pass that names no domain', 'mx; spf=pass; dkim=none', 'verified'],
    ['spf passes, but for a stranger', 'mx; spf=pass smtp.mailfrom=x@nobody.example; dmarc=none', 'unverified'],
    ['dmarc passes, but for a stranger', 'mx; dmarc=pass header.from=nobody.example', 'unverified'],
    ['spf and dkim fail', 'mx; spf=softfail smtp.mailfrom=pelican.example; dkim=fail', 'failed'],
    ['nothing was found out', 'mx; spf=none; dkim=neutral; dmarc=temperror', 'unverified'],
    ['nothing was checked', 'mx; none', 'unverified'],
    ['there is none', '', 'unverified'],
    ['versions and capitals', 'mx 1; DKIM / 1 = PASS Header.D=Pelican.Example', 'verified'],
  ] as [string, string, Authenticity][])('%s', (_name, field, expected) => {
    expect(authenticityOf(field, FROM)).toBe(expected);
  });

  test.each([
    ['in a comment', 'mx; spf=none (see dmarc=pass; dmarc=pass header.from=pelican.example) smtp.mailfrom=x'],
    ['in a comment in a comment', 'mx; spf=none ((a) ; dmarc=pass ; dkim=pass)'],
    ['in a reason', 'mx; dkim=none reason="bad; dmarc=pass header.from=pelican.example"'],
    ['in a reason with a quoted quote', 'mx; dkim=none reason="\\"; dmarc=pass"'],
    ['in an address', 'mx; spf=none smtp.mailfrom="a; dmarc=pass b"@nobody.example'],
    ['in an address without quotes', 'mx; spf=none smtp.mailfrom=a;dmarc=pass@nobody.example'],
    ['beside the real one', 'mx; dmarc=none header.from=pelican.example; dmarc=pass header.from=pelican.example'],
  ])('a sender’s own words count for nothing: %s', (_name, field) => {
    expect(authenticityOf(field, FROM)).toBe('unverified');
  });

  test('a campus that names its server hears nobody else', () => {
    const field = 'MX.Campus.example 1; dmarc=pass header.from=pelican.example';
    expect(authenticityOf(field, FROM, 'mx.campus.example')).toBe('verified');
    expect(authenticityOf(field, FROM, 'mx.other.example')).toBe('unverified');
    expect(authenticityOf(`(mx.other.example) ${field}`, FROM, 'mx.other.example')).toBe('unverified');
  });

  test('of several headers only the topmost counts, however a forged one below it is written', async () => {
    const mail = await parseMail(new TextEncoder().encode(lines(
      'Received: from outside by mx.campus.example; Mon, 01 Mar 2027 09:00:00 +0000', 'Authentication-Results: mx.campus.example;', ' spf=none', ' smtp.mailfrom=nobody.example',
      'Authentication-Results: mx.campus.example; dmarc=pass header.from=pelican.example', `From: Pelican <${FROM}>`, 'Subject: Interview', '', 'x',
    )));
    expect(authenticityOf(mail.authenticationResults, mail.from.address, 'mx.campus.example')).toBe('unverified');
  });

  test('whatever a sender gets into comments and quotes, the verdict stays; and nothing breaks it', () => {
    const inside = fc.stringMatching(/^[a-z;= .]{0,30}$/);
    fc.assert(fc.property(inside, inside, fc.constantFrom('pass', 'fail', 'none'), (comment, reason, result) => {
      const plain = authenticityOf(`mx; dmarc=${result} header.from=pelican.example`, FROM);
      expect(authenticityOf(`mx (${comment}); dmarc=${result} reason="${reason}" header.from=pelican.example (${comment})`, FROM)).toBe(plain);
    }));
    fc.assert(fc.property(fc.string({ maxLength: 300, unit: 'binary' }), fc.string({ maxLength: 40 }), (field, from) => {
      expect(['verified', 'unverified', 'failed']).toContain(authenticityOf(field, from));
    }));
  });

  test('a forged sender halves the confidence, an unknown one leaves it', () => {
    expect([confidenceOf(0.95, 'failed'), confidenceOf(0.95, 'unverified'), confidenceOf(0.95, 'verified')]).toEqual([0.48, 0.95, 0.95]);
  });
});
