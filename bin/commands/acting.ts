// Commands that somebody gives in their own name: what the person may, the services say.
import type { Config } from '../../config.ts';
import { translator } from '../../locales/index.ts';
import { asRefusal, refusalText } from '../../locales/refusals.ts';
import type { Person, ServiceContext } from '../../services/context.ts';
import { print, userOf, withContext } from './records.ts';

/** Does the work as the user of an e-mail address, and prints its answer. @throws Error with a refusal's sentence */
export async function actAs(config: Config, email: string, work: (context: ServiceContext, person: Person) => Promise<string>): Promise<void> {
  await withContext(config, async (context) => {
    const person = await userOf(context, email);
    try {
      print(await work(context, person));
    } catch (error) {
      const refusal = asRefusal(error);
      if (!refusal) throw error;
      throw new Error(refusalText(translator(person.locale), refusal.code, refusal.details), { cause: error });
    }
  });
}
