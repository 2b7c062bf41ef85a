// Text put into HTML, whatever is in it: Telegram's messages and the mails.

/** Half surrogates, which no receiver takes, become U+FFFD. */
export function escapeHtml(text: string): string {
  return text.toWellFormed().replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
