// Puts events into a timetable that is full: who is in the way goes elsewhere, and so on, with as few as possible away from their places.
import type { Board } from './board.ts';
import type { Placement } from './problem.ts';
import { isTaken } from './unplaced.ts';

/** How far a search goes: nodes that it looks at, places that it tries in each, events that it moves at once. */
export interface Effort {
  readonly nodes: number;
  readonly width: number;
  readonly moves: number;
}

export interface Candidate {
  readonly slot: number;
  readonly room: number;
  readonly blockers: readonly number[];
  /** How many more events are away from home at the least. */
  readonly cost: number;
}

/** Moves events of a board, knowing where each is at home: in a slot and room, or (-1) in any room. An event without a home is never away. */
export class Ejection {
  readonly board: Board;
  /** Events away from home, those without a place included. */
  away = 0;
  readonly #home: Placement;
  /** [event] 1 when it stays where it is: for good, or within the search under way */
  readonly #fixed: Uint8Array;
  /** [event] 1 when its home is allowed (see `Board.isAllowed`) */
  readonly #homeAllowed: Uint8Array;
  #nodes = 0;

  constructor(board: Board, home: Placement, immovable: Uint8Array) {
    this.board = board;
    this.#home = home;
    this.#fixed = Uint8Array.from(immovable);
    this.#homeAllowed = Uint8Array.from(immovable, (_, event) => (board.isAllowed(event, home.slot[event]!, home.room[event]!) ? 1 : 0));
    for (let event = 0; event < immovable.length; event++) this.away += this.isAway(event) ? 1 : 0;
  }

  isAway(event: number): boolean {
    return this.#home.slot[event]! >= 0 && !this.#isHome(event, this.board.slot[event]!, this.board.room[event]!);
  }

  put(event: number, slot: number, room: number): void {
    this.board.put(event, slot, room);
    if (this.#isHome(event, slot, room)) this.away -= 1;
  }

  take(event: number): void {
    if (this.#isHome(event, this.board.slot[event]!, this.board.room[event]!)) this.away += 1;
    this.board.take(event);
  }

  canGoHome(event: number): boolean {
    return this.#homeAllowed[event] === 1;
  }

  /** Who is in the way at an event's home. */
  atHomeOf(event: number): number[] {
    return this.board.blockers(event, this.#home.slot[event]!, this.#home.room[event]!);
  }

  /**
   * Gives all of `pending` (events without a place) one so that nothing is broken that wasn't and at most `limit` events are away. It changes
   * nothing when it says false: there is no such way, or none within the effort. Depth first, the event with the fewest places first.
   */
  place(pending: readonly number[], limit: number, effort: Effort): boolean {
    this.#nodes = effort.nodes;
    return this.#descend([...pending], limit, effort, 0);
  }

  /** Places of an event in which nobody who is fixed is in the way, with at most `slack` more away; the best first. */
  candidates(event: number, slack: number): Candidate[] {
    const { board } = this;
    const found: Candidate[] = [];
    const stays = this.#fixed;
    const couldStay = this.#couldGoHome(event);
    for (const slot of board.startsOf(event)) {
      const people = board.people(event, slot);
      if (people.some((other) => stays[other] === 1)) continue;
      const leaving = this.#atHome(people);
      if (leaving > slack) continue;
      for (const room of board.roomsOf(event)) {
        const others = board.inRoom(event, slot, room);
        if (others.some((other) => stays[other] === 1) || isTaken(board.model, event, slot, room)) continue;
        const cost = leaving + this.#atHome(others) + (couldStay && !this.#isHome(event, slot, room) ? 1 : 0);
        if (cost <= slack) found.push({ slot, room, blockers: [...people, ...others], cost });
      }
    }
    const before = this.#home.slot[event];
    // Among equals the slot that people know is kept; the rest stays in the order of slots and of what rooms cost.
    return found.toSorted((a, b) => a.cost - b.cost || a.blockers.length - b.blockers.length || Number(b.slot === before) - Number(a.slot === before));
  }

  #descend(pending: readonly number[], limit: number, effort: Effort, moves: number): boolean {
    const slack = limit - this.away + pending.reduce((sum, event) => sum + (this.#couldGoHome(event) ? 1 : 0), 0);
    if (slack < 0) return false;
    if (pending.length === 0) return true;
    if (moves + pending.length > effort.moves) return false;
    this.#nodes -= 1;
    if (this.#nodes < 0) return false;
    const next = this.#tightest(pending, slack);
    for (const { slot, room, blockers } of next.candidates.slice(0, effort.width)) {
      const from = blockers.map((other) => ({ other, slot: this.board.slot[other]!, room: this.board.room[other]! }));
      for (const { other } of from) this.take(other);
      this.put(next.event, slot, room);
      this.#fixed[next.event] = 1;
      const done = this.#descend([...pending.filter((event) => event !== next.event), ...blockers], limit, effort, moves + 1);
      this.#fixed[next.event] = 0;
      if (done) return true;
      this.take(next.event);
      for (const { other, slot: at, room: place } of from) this.put(other, at, place);
      if (this.#nodes < 0) return false;
    }
    return false;
  }

  #tightest(pending: readonly number[], slack: number): { event: number; candidates: readonly Candidate[] } {
    let best: { event: number; candidates: readonly Candidate[] } | null = null;
    for (const event of pending) {
      const candidates = this.candidates(event, slack);
      if (best === null || candidates.length < best.candidates.length) best = { event, candidates };
      if (candidates.length === 0) break;
    }
    return best ?? { event: -1, candidates: [] };
  }

  /** Whether an event may still get home: it is allowed there, and nobody there is fixed. */
  #couldGoHome(event: number): boolean {
    if (this.#homeAllowed[event] === 0) return false;
    return this.atHomeOf(event).every((other) => this.#fixed[other] === 0);
  }

  #atHome(events: readonly number[]): number {
    return events.reduce((sum, event) => sum + (this.#home.slot[event]! >= 0 && !this.isAway(event) ? 1 : 0), 0);
  }

  #isHome(event: number, slot: number, room: number): boolean {
    const before = this.#home.slot[event]!;
    const roomBefore = this.#home.room[event]!;
    return before >= 0 && before === slot && (roomBefore < 0 || roomBefore === room);
  }
}
