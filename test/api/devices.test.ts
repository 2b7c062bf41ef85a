// One device a student: bound, compared, refused, reset.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import { appDevice } from '../../services/device-claims.ts';
import { NOW, startTestApi, type TestApi } from './harness.ts';

let campus: TestApi;
let admin: number;
let [one, other] = [{ userId: 0, key: '' }, { userId: 0, key: '' }];
beforeAll(async () => {
  campus = await startTestApi();
  [admin] = (await campus.usersOf('admin')) as [number];
  [one, other] = (await campus.campus.db.knex('students').orderBy('id').limit(2).select({ userId: 'user_id', key: 'student_id' })) as [typeof one, typeof other];
});
afterAll(() => campus.close());
beforeEach(async () => void (await campus.campus.db.knex('devices').delete()));

const bind = (who: typeof one, payload: object, key = who.key) => campus.as(who.userId, { method: 'POST', url: `/api/student/bind-device/${key}`, payload });
const seen = async (who: typeof one) => (await campus.as(who.userId, `/api/student/device-binding/${who.key}`)).json();
const codeOf = async (asked: ReturnType<typeof bind>) => (await asked).json().error?.code;

describe('A3 one device per student', () => {
  test('the first is bound, the same again changes nothing, a second is refused until an admin resets it', async () => {
    expect(await seen(one)).toEqual({ success: true, binding_id: null, kind: null, bound_at: null });
    const bound = { success: true, binding_id: appDevice('phone-of-one').hash.toString('hex'), kind: 'app', bound_at: NOW.toISO() };
    for (let time = 0; time < 2; time += 1) expect((await bind(one, { binding_id: 'phone-of-one' })).json()).toEqual(bound);
    const refused = await bind(one, { binding_id: 'another-phone' });
    expect([refused.statusCode, refused.json().error]).toEqual([409, expect.objectContaining({ code: 'device-bound', message: expect.stringContaining('reset') })]);
    expect(await seen(one)).toEqual(bound);

    const reset = () => campus.as(admin, { method: 'POST', url: `/api/admin/reset-device-binding/${one.key}` });
    expect([(await reset()).json(), (await reset()).json()]).toEqual([{ success: true, was_bound: true }, { success: true, was_bound: false }]);
    const audit = await campus.campus.db.knex('audit_log').where({ action: 'device.reset' });
    expect(audit).toMatchObject([{ user_id: admin }]);
    expect((await bind(one, { binding_id: 'another-phone' })).statusCode).toBe(200);
  });

  test('another student’s is refused, and stays theirs', async () => {
    await bind(one, { binding_id: 'shared-phone' });
    const refused = await bind(other, { binding_id: 'shared-phone' });
    expect([refused.statusCode, refused.json().error.code]).toEqual([409, 'device-taken']);
    expect(await seen(other)).toMatchObject({ binding_id: null });
  });

  test('the id of a path counts in either case', async () => {
    expect((await bind(one, { binding_id: 'phone-of-one' }, one.key.toLowerCase())).statusCode).toBe(200);
  });

  test('of fifty at once with one device for two students, one binding comes about', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, (_, index) => bind(index % 2 ? one : other, { binding_id: 'one-phone' })));
    const rows = await campus.campus.db.knex('devices');
    expect(rows).toHaveLength(1);
    const owner = rows[0].student_id;
    const { id } = await campus.campus.db.knex('students').where({ student_id: one.key }).first('id');
    const winner = owner === id ? 1 : 0;
    expect(answers.map((answer, index) => [index % 2 === winner, answer.statusCode])).toEqual(answers.map((_, index) =>
      (index % 2 === winner ? [true, 200] : [false, 409])));
  });

  test('of fifty at once with a device each for one student, one is bound', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, (_, index) => bind(one, { binding_id: `phone-${index}` })));
    expect(answers.filter(({ statusCode }) => statusCode === 200)).toHaveLength(1);
    expect(await campus.campus.db.knex('devices')).toHaveLength(1);
  });
});

describe('A3 a device known by its key', () => {
  let jwk: JWK;
  let privateKey: CryptoKey;
  beforeAll(async () => {
    const pair = await generateKeyPair('ES256', { extractable: true });
    ({ privateKey } = pair);
    const { kty, crv, x, y } = await exportJWK(pair.publicKey);
    jwk = { kty: kty!, crv: crv!, x: x!, y: y! };
  });
  const proof = (claims: JWTPayload = {}, key = privateKey) => {
    const all = { student_id: one.key, iat: NOW.toUnixInteger(), aud: campus.context.publicUrl, ...claims };
    return new SignJWT(all).setProtectedHeader({ alg: 'ES256' }).sign(key);
  };

  test('is bound when its holder signs that it is this student’s', async () => {
    expect((await bind(one, { public_key: jwk, proof: await proof() })).json()).toMatchObject({ kind: 'key', binding_id: expect.stringMatching(/^[\da-f]{64}$/) });
    expect(await codeOf(bind(one, { binding_id: 'phone-of-one' }))).toBe('device-bound');
    expect(await codeOf(bind(other, { public_key: jwk, proof: await proof({ student_id: other.key }) }))).toBe('device-taken');
  });

  test('is refused without that', async () => {
    const { privateKey: anothers } = await generateKeyPair('ES256');
    const proofs = [
      await proof({ student_id: other.key }), await proof({ aud: 'https://elsewhere.example' }), await proof({ iat: NOW.minus({ minutes: 6 }).toUnixInteger() }),
      await proof({ iat: NOW.plus({ minutes: 6 }).toUnixInteger() }), await proof({}, anothers), 'x', 'a.b.c',
    ];
    for (const wrong of proofs) expect(await codeOf(bind(one, { public_key: jwk, proof: wrong }))).toBe('device-proof-wrong');
    expect(await codeOf(bind(one, { public_key: { ...jwk, x: 'A'.repeat(43) }, proof: await proof() }))).toBe('device-proof-wrong');
    expect(await codeOf(bind(one, { public_key: { ...jwk, d: 'A'.repeat(43) }, proof: await proof() }))).toBe('bad-request');
    expect(await seen(one)).toMatchObject({ binding_id: null });
  });
});
