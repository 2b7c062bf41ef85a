// Where a browser is sent after signing in: only ever to a page of our own.

/**
 * The path (with its query) of an address that stays on the own origin when a browser follows it; null for any other: an absolute
 * one, `//host` and `/\host` (which browsers take for the same), one with control characters (which they leave out).
 * @param publicUrl where people reach Beadle
 */
export function ownPath(address: string, publicUrl: string): string | null {
  if (!address.startsWith('/') || !URL.canParse(address, publicUrl)) return null;
  const { origin, pathname, search } = new URL(address, publicUrl);
  // A path may begin with two slashes only once its dots are taken out (/.//host).
  return origin === new URL(publicUrl).origin && !pathname.startsWith('//') ? `${pathname}${search}` : null;
}
