// Whose mails are trusted without proof, and whose are not read (I10).
import { z } from 'zod';
import { component } from './components.ts';
import { id, idInPath, instant } from './values.ts';

const verdict = z.enum(['allow', 'deny'], "must be 'allow' or 'deny'").describe('allow: trusted unless forged; deny: not read.');

export const senderParams = z.object({ id: idInPath });

export const senderBody = z.strictObject({
  pattern: z.string('must be an address or a domain').min(1, 'must be an address or a domain').max(300, 'must be at most 300 characters')
    .describe('An address such as talent@pelican.example, or a domain with all below it, such as pelican.example.'),
  verdict,
});

export const senderAnswer = component('Sender', "The institution's word on a sender.", z.object({
  id, pattern: z.string(), verdict, set_by: z.string().nullable().describe('Who said so last.'), updated_at: instant,
}));

export const sendersAnswer = component('Senders', "The institution's word on senders, by pattern.", z.object({ senders: z.array(senderAnswer) }));
