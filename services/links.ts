// Linking a chat to a person by a one-time code (D3): typed in the chat within a quarter of an hour, five tries.
import { createHash, randomInt } from 'node:crypto';
import {
  countLinkFailure, insertLinkCode, linkChat, linkFailures, noteEvent, type Platform, unlinkChat, useLinkCode, userOfChat,
} from '../db/repositories/doors.ts';
import type { Trx } from '../db/connection.ts';
import { insertAudit } from '../db/repositories/audit.ts';
import { findUser, findUsers, type UserRow } from '../db/repositories/people.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Person, ServiceContext } from './context.ts';
import { grouped } from './grouped.ts';

/** Without letters and digits that look alike. */
const ALPHABET = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';
const CODE_LENGTH = 8;
const CODE_MINUTES = 15;
const TRIES = 5;
const MOST_FOUND_TOGETHER = 500;

/** Makes a code for the asking person. */
export async function makeLinkCode(context: ServiceContext, actor: Person): Promise<{ code: string; expiresAt: string }> {
  const code = Array.from({ length: CODE_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  const expiresAt = context.now().plus({ minutes: CODE_MINUTES });
  await context.db.transaction((trx) =>
    insertLinkCode(trx, { userId: actor.userId, codeHash: hashOf(code), expiresAt: expiresAt.toJSDate() }));
  return { code, expiresAt: expiresAt.toISO()! };
}

const hashOf = (code: string) => createHash('sha256').update(code.trim().toUpperCase().replace(/[\s-]/g, '')).digest();

/** Where somebody writes: a private chat of a platform. */
export interface Chat {
  platform: Platform;
  chatId: string;
}

/**
 * Links a chat to whoever made the code. A code works once.
 * @throws Refusal link-code-wrong, link-code-tries after five wrong ones in a quarter of an hour
 */
export async function linkByCode(context: ServiceContext, chat: Chat, code: string): Promise<Person> {
  const { platform, chatId } = chat;
  const userId = await context.db.transaction(async (trx) => {
    const now = context.now().toJSDate();
    if ((await linkFailures(trx, platform, chatId, now)) >= TRIES) throw new Refusal('link-code-tries', { minutes: CODE_MINUTES });
    const owner = await useLinkCode(trx, hashOf(code), now);
    if (owner === null || !(await findUser(trx, { id: owner }))) {
      await countLinkFailure(trx, platform, chatId, now, CODE_MINUTES * 60_000);
      return null;
    }
    await linkChat(trx, { userId: owner, platform, chatId }, now);
    await insertAudit(trx, { userId: owner, action: 'chat.link', subject: `user/${owner}`, details: { platform } }, now);
    return owner;
  });
  const person = userId === null ? null : await personById(context, userId);
  if (!person) throw new Refusal('link-code-wrong');
  return person;
}

/** Unlinks a chat. @returns whether it was linked */
export async function unlink(context: ServiceContext, actor: Person, chat: Chat): Promise<boolean> {
  return context.db.transaction(async (trx) => {
    const was = await unlinkChat(trx, chat.platform, chat.chatId);
    if (was) {
      const details = { platform: chat.platform };
      await insertAudit(trx, { userId: actor.userId, action: 'chat.unlink', subject: `user/${actor.userId}`, details }, context.now().toJSDate());
    }
    return was;
  });
}

/** Who speaks in a chat; null for one that is not linked or whose person has left. */
export async function personOfChat(context: ServiceContext, chat: Chat): Promise<Person | null> {
  const userId = await userOfChat(context.db.knex, chat.platform, chat.chatId);
  return userId === null ? null : personById(context, userId);
}

/** Finds active users as actors; those who are asked for at the same time are read together. Null: there is none. */
export function createPersonFinder(context: ServiceContext): (userId: number) => Promise<Person | null> {
  return grouped(async (userIds: number[]) => {
    const found = new Map((await findUsers(context.db.knex, [...new Set(userIds)])).map((user) => [user.id, user]));
    return userIds.map((userId) => toPerson(found.get(userId)));
  }, { most: MOST_FOUND_TOGETHER });
}

/** An active user as an actor; null when there is none. */
export async function personById(context: ServiceContext, userId: number, trx?: Trx): Promise<Person | null> {
  return toPerson(await findUser(trx ?? context.db.knex, { id: userId }));
}

export async function personByEmail(context: ServiceContext, email: string): Promise<Person | null> {
  return toPerson(await findUser(context.db.knex, { email }));
}

function toPerson(user: UserRow | undefined): Person | null {
  if (!user) return null;
  return {
    kind: 'person', userId: user.id, role: user.role, organisationId: user.organisation_id, departmentId: user.department_id,
    studentId: user.student_id, studentNumber: user.student_number, sectionId: user.section_id, facultyId: user.faculty_id, name: user.name, email: user.email, locale: user.locale, timeZone: user.time_zone,
  };
}

/** Whether a platform's event is new; a repetition is to be ignored. */
export async function isNewEvent(context: ServiceContext, platform: Platform, eventId: string): Promise<boolean> {
  return noteEvent(context.db.knex, platform, eventId, context.now().toJSDate());
}
