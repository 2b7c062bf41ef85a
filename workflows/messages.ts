// The messages that workflows take, as Temporal knows them; who sends them takes names and shapes from domain/processes.
import { defineSignal, defineUpdate } from '@temporalio/workflow';
import type { DecisionMessage, Message } from '../domain/processes/index.ts';

export const changed = defineSignal<[Message]>('changed');
export const joined = defineSignal<[Message]>('joined');
/** Of a timetable's making. */
export const requested = defineSignal<[Message]>('requested');
export const cancelled = defineSignal<[Message]>('cancelled');
export const wake = defineSignal<[Message]>('wake');
/** Of a session's attendance. */
export const opened = defineUpdate<void, [Message]>('opened');
export const extended = defineUpdate<void, [Message]>('extended');
export const rotated = defineUpdate<void, [Message]>('rotated');
export const completed = defineUpdate<void, [Message]>('completed');
/** Answers what became of the decision. */
export const decided = defineUpdate<string, [DecisionMessage]>('decided');

/** Which messages a workflow has taken: one that comes twice is ignored. Its ids go along when it continues as new. */
export class Inbox {
  readonly #seen: Set<number>;
  #count = 0;

  constructor(seen: number[] = []) {
    this.#seen = new Set(seen);
  }

  /** Notes a message. @returns whether it is new */
  take({ intentId }: Message): boolean {
    if (this.#seen.has(intentId)) return false;
    this.#seen.add(intentId);
    this.#count += 1;
    return true;
  }

  /** How many new messages came so far. */
  get count(): number {
    return this.#count;
  }

  get seen(): number[] {
    return [...this.#seen];
  }
}
