// Server-sent events (HTML Standard, 9.2): what changes, told as it changes.
import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_EVERY_MS = 1_000;
/** Proxies close what is silent for longer. */
const SILENT_MS = 15_000;

/**
 * Events of what `read` gives: the first at once, then one for each change, until one is the last. Whoever stops listening ends it.
 * @param shown what an event says of it, as JSON
 */
export async function* followed<Value>(
  read: () => Promise<Value>, first: Value, { shown, isLast }: { shown: (value: Value) => unknown; isLast: (value: Value) => boolean },
): AsyncGenerator<string> {
  let said = '';
  let saidAt = performance.now();
  for (let value = first; ; value = await read()) {
    const data = JSON.stringify(shown(value));
    if (data !== said) {
      yield `data: ${data}\n\n`;
      [said, saidAt] = [data, performance.now()];
    } else if (performance.now() - saidAt > SILENT_MS) {
      yield ':\n\n';
      saidAt = performance.now();
    }
    if (isLast(value)) return;
    await sleep(LOOK_EVERY_MS);
  }
}
