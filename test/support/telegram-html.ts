// Reads Telegram's HTML as strictly as Telegram does (a stray & even more strictly): what a person would see.

const TAGS = new Set(['b', 'strong', 'i', 'em', 'u', 's', 'code', 'pre', 'a', 'blockquote']);
const ENTITIES: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&amp;': '&', '&quot;': '"' };

/** The text without its markup. @throws Error saying what Telegram would say */
export function visibleText(html: string): string {
  const open: string[] = [];
  let text = '';
  for (const [token] of html.matchAll(/<[^<>]*>|&\w+;|[<>&]|[^<>&]+/g)) {
    const [, slash, name] = /^<(\/?)([a-z]+)(?: [^<>]*)?>$/.exec(token) ?? [];
    if (name !== undefined) {
      if (!TAGS.has(name)) throw new Error(`Unsupported start tag "${name}"`);
      if (slash === '') open.push(name);
      else if (open.pop() !== name) throw new Error(`Unexpected end tag "${name}"`);
    } else if (/^[<>&]/.test(token)) {
      const character = ENTITIES[token];
      if (character === undefined) throw new Error(`Unescaped "${token}"`);
      text += character;
    } else {
      text += token;
    }
  }
  if (open.length > 0) throw new Error(`Can't find end tag corresponding to start tag "${open.at(-1)}"`);
  return text;
}
