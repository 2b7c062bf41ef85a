import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mailCosts } from '../../services/mail-costs.ts';
import { personByEmail } from '../../services/links.ts';
import { processActor } from '../../services/context.ts';
import { testCampus, testContext, type TestCampus } from '../support/context.ts';

const NOW = '2026-11-23T02:00:00Z';

describe('I8 what finding interviews costs', () => {
  let campus: TestCampus;
  beforeAll(async () => { campus = await testCampus({ students: 60 }); });
  afterAll(() => campus?.close());

  test('counts mails, distinct extractions, questions to the model and tokens per thousand mails, of the days asked for', async () => {
    const context = testContext(campus.db, { now: NOW });
    expect(await mailCosts(context, processActor, 30)).toMatchObject({ mails: 0, tokensPerThousandMails: null });
    const { knex } = campus.db;
    const [mailbox] = await knex('mailboxes').insert({
      student_id: 1, host: 'h', port: 1, security: 'none', username: 'u', auth: 'password', secret: Buffer.from('x'), secret_key_id: 'test', consented_at: new Date(NOW),
    });
    const seen = (day: string, count: number) => Array.from({ length: count }, (_, index) => ({
      mailbox_id: mailbox, message_key: Buffer.alloc(32, `${day}${index}`), outcome: 'nothing', seen_at: new Date(day),
    }));
    await knex('mail_seen').insert([...seen('2026-11-22', 40), ...seen('2026-09-01', 5)]);
    const extraction = (byte: number, day: string, tokens: [number, number]) => ({
      fingerprint: Buffer.alloc(32, byte), status: 'done', extraction: '{}', prompt_tokens: tokens[0], completion_tokens: tokens[1], created_at: new Date(day),
    });
    await knex('mail_extraction').insert([
      extraction(1, '2026-11-22', [900, 100]), extraction(2, '2026-11-22', [0, 0]), extraction(3, '2026-09-01', [5000, 5000]),
    ]);
    expect(await mailCosts(context, processActor, 30)).toEqual({
      days: 30, mails: 40, extractions: 2, askedModel: 1, promptTokens: 900, completionTokens: 100, tokensPerThousandMails: 25_000,
    });
  });

  test('are for admins', async () => {
    const context = testContext(campus.db, { now: NOW });
    const student = (await campus.db.knex('users').where({ role: 'student' }).first('email')) as { email: string };
    await expect(mailCosts(context, (await personByEmail(context, student.email))!, 30)).rejects.toMatchObject({ code: 'not-allowed' });
    await expect(mailCosts(context, (await personByEmail(context, 'admin@campus.example'))!, 30)).resolves.toMatchObject({ days: 30 });
  });
});
