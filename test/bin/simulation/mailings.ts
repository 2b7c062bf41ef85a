// The mailings among what happens in a simulated month.
import type { Scenario } from '../../../bin/simulation/scenario.ts';
import type { Happening } from '../../../bin/simulation/scene.ts';

export type Mailing = Pick<Extract<Happening, { kind: 'mails' }>, 'mails' | 'at'>;

export function mailingsIn({ happenings }: Scenario): Mailing[] {
  return happenings.flatMap((happening) => (happening.kind === 'mails' ? [happening] : []));
}
