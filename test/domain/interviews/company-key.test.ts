import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { companyKey } from '../../../domain/interviews/company-key.ts';

describe('I12 names of one company', () => {
  test.each([
    [['Acme Pvt Ltd', 'ACME', 'Acme Pvt. Ltd.', 'acme private limited', 'Acmé Inc.', 'Acme (P) Ltd']],
    [['Société Nord S.A.', 'Societe Nord', 'SOCIÉTÉ NORD SA']],
    [['Weber GmbH & Co. KG', 'Weber', 'Weber GmbH']],
    [['Harbour B.V.', 'harbour', 'Harbour BV']],
    [['Quill L.L.C.', 'Quill LLC', 'quill']],
    [['टाटा', 'टाटा Ltd', 'टाटा Pvt. Ltd.']],
  ])('%j have one key', (names) => {
    expect(new Set(names.map(companyKey)).size).toBe(1);
  });

  test.each([
    ['फ्लिपकार्ट Ltd', 'टाटा Ltd'], ['टीटा', 'टाटा'], ['Limited', 'Company'], ['東京電力', '関西電力'], ['Nord', 'Nordsee'],
  ])('%s and %s have two', (one, other) => {
    expect(companyKey(one)).not.toBe(companyKey(other));
  });

  test('every name has a key that fits its column and needs no collation, whatever its case and spaces', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 }), (name) => {
      expect(companyKey(name)).toMatch(/^[a-z0-9]{1,60}$/);
      expect(companyKey(`  ${name} `)).toBe(companyKey(name));
    }));
    fc.assert(fc.property(fc.stringMatching(/^[a-z][a-z .-]{0,80}$/), (name) => {
      expect(companyKey(name.toUpperCase())).toBe(companyKey(name));
    }));
  });
});
