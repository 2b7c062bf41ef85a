// Once a day: forgets what Beadle has no more use for.
import { records } from './activities.ts';

export async function keepHouse(): Promise<{ sentences: number; extractions: number }> {
  return records.keepHouse();
}
