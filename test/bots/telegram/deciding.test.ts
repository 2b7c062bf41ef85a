// A faculty member decides over Telegram, by button.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { pendingDecision } from '../../../db/repositories/offers.ts';
import type { Person } from '../../../services/context.ts';
import { applyDecision } from '../../../services/applying.ts';
import type { TelegramServer } from '../../support/telegram-server.ts';
import { offerFor } from '../offer.ts';
import { TelegramCampus } from './telegram-campus.ts';

let room: TelegramCampus;
let server: TelegramServer;
beforeAll(async () => {
  room = await TelegramCampus.open();
  server = room.server;
});
afterAll(() => room.close());

describe('D2 a faculty member decides by button', () => {
  test('accepting writes the decision and answers that it is being processed; another press then changes nothing', async () => {
    const offer = await offerFor(room.context, 1);
    const chatId = await room.linkedChat(offer.faculty);
    const shown = await room.ask(chatId, '/makeups');
    expect(shown.text).toContain(`${offer.session.subjectCode} ${offer.session.subjectName}`);
    expect(shown.buttons.map(({ callback_data: data }) => data)).toEqual([
      `decide:${offer.roundId}:${offer.optionIds[0]}`, `decide:${offer.roundId}:${offer.optionIds[1]}`, `decide:${offer.roundId}:decline`,
    ]);
    const before = { ...shown };
    const answered = server.answeredQueries.length;
    server.presses(chatId, before, shown.buttons[0]!.callback_data!);
    await server.until(() => server.answeredQueries.length > answered && shown.edited);
    expect(shown.text).toBe(`${before.text}\n\nNoted, being processed.`);
    expect(shown.buttons).toEqual([]);
    expect(await pendingDecision(room.campus.db.knex, offer.roundId)).toMatchObject({
      choice: 'accept', optionId: offer.optionIds[0], userId: offer.faculty.userId, outcome: 'pending',
    });

    // The message as the second finger still saw it.
    server.presses(chatId, before, `decide:${offer.roundId}:decline`);
    await server.until(() => shown.text.includes('closed'));
    expect(shown.text).toBe(`${before.text}\n\nThis question is closed. A decision was made and is being processed.`);
    expect(await decisions(offer.roundId)).toHaveLength(1);
  });

  test('another faculty member’s press is refused and learns nothing', async () => {
    const offer = await offerFor(room.context, 2);
    const other = await facultyBeside(offer.faculty);
    const chatId = await room.linkedChat(other);
    const shown = await room.ask(chatId, '/help');
    const answer = await room.answerTo(chatId, () => server.presses(chatId, shown, `decide:${offer.roundId}:${offer.optionIds[0]}`));
    expect(answer.text).toBe('There is no such thing, or it is not yours to see.');
    expect(shown.edited).toBe(false);
    const missing = await room.answerTo(chatId, () => server.presses(chatId, shown, 'decide:999999:1'));
    expect(missing.text).toBe(answer.text);
    expect(await decisions(offer.roundId)).toEqual([]);
  });

  test('what the process did within two seconds is said at once', async () => {
    const offer = await offerFor(room.context, 3);
    const chatId = await room.linkedChat(offer.faculty);
    const offered = await room.answerTo(chatId, () => server.says(chatId, '/makeups'));
    const shown = await server.waitFor((sent) => sent.chatId === chatId && sent.buttons.some(({ callback_data: data }) => data?.startsWith(`decide:${offer.roundId}:`)));
    expect(offered.chatId).toBe(shown.chatId);
    const process = applyWhenDecided(offer.roundId);
    server.presses(chatId, shown, `decide:${offer.roundId}:decline`);
    expect(await process).toBe('declined');
    await server.until(() => shown.edited);
    expect(shown.text).toMatch(/Done: the class stays where it is/);
  });
});

async function decisions(roundId: number): Promise<unknown[]> {
  return room.campus.db.knex('rescheduled_class_decision').where({ rescheduled_class_id: roundId });
}

/** Somebody who teaches, but neither the class nor as its head of department. */
async function facultyBeside(one: Person): Promise<Person> {
  const row = await room.campus.db.knex('faculty as f').join('users as u', 'u.id', 'f.user_id')
    .where('u.role', 'faculty').whereNot('f.id', one.facultyId).first('f.id');
  return room.personOf('faculty', row.id);
}

/** What the round's process does as soon as the decision is committed. */
function applyWhenDecided(roundId: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let done = false;
    room.campus.db.onIntents(() => {
      if (done) return;
      done = true;
      pendingDecision(room.campus.db.knex, roundId).then((decision) => applyDecision(room.context, decision!.id)).then(resolve, reject);
    });
  });
}
