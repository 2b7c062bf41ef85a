// Where signing in leads back to.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ownPath } from '../../api/sign-in/own-path.ts';

const OURS = 'https://beadle.campus.example';

describe('A1 signing in leads to pages of our own only', () => {
  test('a page with its query is kept', () => {
    expect(ownPath('/check-in?session=7&code=123456', OURS)).toBe('/check-in?session=7&code=123456');
    expect(ownPath('/check-in?next=https://elsewhere.example', OURS)).toBe('/check-in?next=https://elsewhere.example');
  });

  test.each([
    'https://elsewhere.example/', 'HTTPS:elsewhere.example', '//elsewhere.example', '/\\elsewhere.example', '\\/elsewhere.example', '/\t/elsewhere.example',
    '/\n\\elsewhere.example', '/.//elsewhere.example', '/x/..//elsewhere.example', 'javascript:alert(1)', 'data:text/html,x', ' //elsewhere.example', 'check-in', '',
  ])('%p is refused', (address) => {
    expect(ownPath(address, OURS)).toBeNull();
  });

  test('whatever is asked for, a browser that follows it stays on our origin', () => {
    const piece = fc.constantFrom('/', '\\', '.', '..', ':', '@', '?', '#', '\t', '\n', '\r', ' ', 'elsewhere.example', 'https:', 'javascript:', '%2f', '%5c', 'x');
    fc.assert(fc.property(fc.oneof(fc.array(piece).map((pieces) => pieces.join('')), fc.webUrl(), fc.string({ unit: 'binary' })), (address) => {
      const path = ownPath(address, OURS);
      if (path !== null) expect(new URL(path, OURS).origin).toBe(OURS);
      if (path !== null) expect(ownPath(path, OURS)).toBe(path);
    }), { numRuns: 2_000 });
  });
});
