// An error as the log may have it: a database error quotes the values that it was given, which may be people's names.

/** The error's code and stack, without addresses and without what it quotes. */
export function loggedCause(error: unknown): { code?: string; stack: string } {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const stack = text.replace(/[\w.+-]+@[\w.-]+/g, '‹address›').replace(/(['"])(?:(?!\1)[^\n]){1,2000}\1/g, '‹value›');
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? { code: error.code, stack } : { stack };
}
