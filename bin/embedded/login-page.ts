// The login page of the demo's OpenID provider: asks for an address, and for nothing else.
import { escapeHtml } from '../../locales/escape.ts';

/** @param unknown the address that was given and that nobody has */
export function loginPage(suggestions: readonly string[], unknown?: string): string {
  const options = suggestions.map((email) => `<option value="${escapeHtml(email)}">`).join('');
  const complaint = unknown === undefined ? '' : `<p role="alert">Nobody has the address “${escapeHtml(unknown)}”.</p>`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Demo sign-in</title>
<style>body { font: 1rem/1.5 system-ui; max-width: 26rem; margin: 4rem auto; padding: 0 1rem } input, button { font: inherit; padding: .4rem; width: 100%; box-sizing: border-box; margin-top: .4rem }</style>
<h1>Who are you?</h1>
<p>This sign-in belongs to the demo and asks for no password.</p>
${complaint}
<form method="post">
<label>Address <input type="email" name="email" list="people" required autofocus></label>
<datalist id="people">${options}</datalist>
<button>Sign in</button>
</form>
</html>
`;
}
