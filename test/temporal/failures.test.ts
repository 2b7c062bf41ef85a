import { describe, expect, test } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import { loggedCause } from '../../domain/logged-cause.ts';
import { Refusal } from '../../domain/refusal.ts';
import { toFailure } from '../../temporal/failures.ts';

describe('failures of activities (rule 10)', () => {
  const duplicate = Object.assign(new Error("Duplicate entry 'asha.rao@campus.example' for key 'email'"), { code: 'ER_DUP_ENTRY' });

  test('a database error becomes a stable type and a fixed sentence, without what it quotes', () => {
    const failure = toFailure(duplicate);
    expect(failure.type).toBe('Database.ER_DUP_ENTRY');
    expect(failure.nonRetryable).toBe(false);
    expect(`${failure.message} ${failure.stack} ${String(failure.cause)} ${JSON.stringify(failure.details)}`).not.toMatch(/asha|campus/);
  });

  test('a refusal is final unless it says busy', () => {
    expect(toFailure(new Refusal('not-found'))).toMatchObject({ type: 'Refusal.not-found', nonRetryable: true });
    expect(toFailure(new Refusal('busy'))).toMatchObject({ type: 'Refusal.busy', nonRetryable: false });
  });

  test("anything else is unexpected, also one's own failure with somebody's name in its text", () => {
    expect(toFailure(new TypeError('Asha Rao is not iterable'))).toMatchObject({ type: 'Unexpected', message: 'something unexpected happened' });
    expect(toFailure('Asha Rao')).toMatchObject({ type: 'Unexpected' });
    const own = toFailure(ApplicationFailure.create({ message: 'Asha Rao', type: 'Own', details: ['Asha Rao'], nonRetryable: true }));
    expect(own).toMatchObject({ type: 'Own', message: 'the activity failed', nonRetryable: true });
    expect(own.details ?? []).toEqual([]);
  });

  test('the log has the cause without addresses and quoted values', () => {
    const logged = JSON.stringify(loggedCause(duplicate));
    expect(logged).toMatch(/Duplicate entry/);
    expect(logged).not.toMatch(/asha|campus/);
  });
});
