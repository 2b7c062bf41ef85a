// beadle senders: whose mails are trusted without proof (allow), and whose are not read (deny).
import { type Command } from 'commander';
import type { Config } from '../../config.ts';
import type { Person, ServiceContext } from '../../services/context.ts';
import { listSenders, removeSender, setSender } from '../../services/senders.ts';
import { actAs } from './acting.ts';

export function addSenders(program: Command, config: Config): void {
  const senders = program.command('senders').description('whose mails are trusted, and whose are not read');
  const command = (name: string, description: string, work: (context: ServiceContext, person: Person, pattern: string) => Promise<string>) => {
    const made = senders.command(name).description(description).requiredOption('--as <user>', 'the e-mail address of an admin or of placement staff');
    return made.action(() => actAs(config, made.opts<{ as: string }>().as, (context, person) => work(context, person, made.args[0] ?? '')));
  };

  command('list', 'print the list: verdict, sender, who said so and when', async (context, person) => {
    const list = await listSenders(context, person);
    if (list.length === 0) return 'Nothing is said of any sender.';
    return list.map(({ pattern, verdict, setBy, updatedAt }) => `${verdict}\t${pattern}\t${setBy ?? ''}\t${updatedAt.toISOString()}`).join('\n');
  });
  for (const verdict of ['allow', 'deny'] as const) {
    command(verdict, verdict === 'allow' ? 'trust a sender whose mails nobody vouches for' : 'have no mail of a sender read', async (context, person, pattern) => {
      const sender = await setSender(context, person, pattern, verdict);
      return `${sender.verdict}: ${sender.pattern}`;
    }).argument('<sender>', 'an address, or a domain with all below it');
  }
  command('remove', 'take a sender off the list', async (context, person, pattern) => {
    const was = await removeSender(context, person, { written: pattern });
    return was ? `Nothing is said of ${pattern} any more.` : `Nothing was said of ${pattern}.`;
  }).argument('<sender>', 'an address, or a domain with all below it');
}
