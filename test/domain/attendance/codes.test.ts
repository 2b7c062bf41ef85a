import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ageOfCode, codeAt, type CodeSource, replacedAt, wasShown } from '../../../domain/attendance/codes.ts';

const SINCE = Date.parse('2026-11-24T03:35:00Z');

function rotating(parts: Partial<CodeSource> = {}): CodeSource {
  return { mode: 'rotating', secret: new TextEncoder().encode('12345678901234567890'), stepSeconds: 20, since: SINCE, code: null, ...parts };
}

describe('A11 rotating codes', () => {
  test('are those of RFC 4226 (appendix D) for the secret of its example, one each step', () => {
    const source = rotating();
    const shown = [0, 1, 2, 3, 9].map((step) => codeAt(source, SINCE + step * 20_000 + 7));
    expect(shown).toEqual(['755224', '287082', '359152', '969429', '520489']);
  });

  test('count while they are shown and while the next one is, and are old after that', () => {
    const source = rotating();
    const code = codeAt(source, SINCE + 20_000)!;
    expect(ageOfCode(source, code, SINCE + 19_999)).toBeNull();
    expect(ageOfCode(source, code, SINCE + 20_000)).toBe(0);
    expect(ageOfCode(source, code, SINCE + 59_999)).toBe(39);
    expect(ageOfCode(source, code, SINCE + 60_000)).toBeNull();
    expect(wasShown(source, code, SINCE + 59_999)).toBe(false);
    expect(wasShown(source, code, SINCE + 60_000)).toBe(true);
  });

  test('before the first moment nothing counts', () => {
    const source = rotating();
    expect(ageOfCode(source, codeAt(source, SINCE)!, SINCE - 1)).toBeNull();
    expect(wasShown(source, codeAt(source, SINCE)!, SINCE - 1)).toBe(false);
  });

  test('what is shown counts at that moment, its age is how long it has been shown, and it is replaced at the end of its step', () => {
    fc.assert(fc.property(
      fc.uint8Array({ minLength: 20, maxLength: 20 }), fc.integer({ min: 5, max: 120 }), fc.integer({ min: 0, max: 7_200_000 }),
      (secret, stepSeconds, after) => {
        const source = rotating({ secret, stepSeconds });
        const at = SINCE + after;
        const age = ageOfCode(source, codeAt(source, at)!, at)!;
        const next = replacedAt(source, at)!;
        expect(codeAt(source, at)).toMatch(/^\d{6}$/);
        expect(age).toBe(Math.floor((after % (stepSeconds * 1000)) / 1000));
        expect(next).toBeGreaterThan(at);
        expect(next - at).toBeLessThanOrEqual(stepSeconds * 1000);
      },
    ), { numRuns: 200 });
  });
});

describe('A10 a single code', () => {
  test('counts from its first moment on, until it is replaced; there is none without one', () => {
    const source = rotating({ mode: 'single', code: '004711' });
    expect(codeAt(source, SINCE + 1)).toBe('004711');
    expect(replacedAt(source, SINCE)).toBeNull();
    expect(ageOfCode(source, '004711', SINCE + 600_000)).toBe(600);
    expect(ageOfCode(source, '004712', SINCE + 600_000)).toBeNull();
    expect(wasShown(source, '004712', SINCE + 600_000)).toBe(false);
    expect(codeAt({ ...source, code: null }, SINCE)).toBeNull();
  });
});
