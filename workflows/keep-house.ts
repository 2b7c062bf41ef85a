// Once a day: forgets what Beadle has no more use for.
import { housework } from './activities.ts';

export async function keepHouse(): Promise<{ sentences: number; extractions: number }> {
  return housework.keepHouse();
}
