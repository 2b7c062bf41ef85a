// An error as the log may have it: a database error quotes the values that it was given, which may be people's names.

/** The error's code and stack, without addresses and without what it quotes. */
export function loggedCause(error: unknown): { code?: string; stack: string } {
  const { code, stack, message } = (typeof error === 'object' && error !== null ? error : { message: String(error) }) as Partial<NodeJS.ErrnoException>;
  const text = stack ?? message ?? String(error);
  const redacted = text.replace(/[\w.+-]+@[\w.-]+/g, '‹address›').replace(/(['"])(?:(?!\1)[^\n]){1,2000}\1/g, '‹value›');
  return typeof code === 'string' ? { code, stack: redacted } : { stack: redacted };
}
