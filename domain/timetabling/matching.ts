// Bipartite matching that tells, when not all can be matched, which of them compete for too few places (Hall's theorem).

/** Some on the left that together have fewer places on the right than they are: the witness that not all can be matched. */
export interface Shortage {
  readonly left: readonly number[];
  readonly right: readonly number[];
}

/**
 * Matches each of `count` on the left to a place of its own on the right (numbered below `places`), by augmenting paths (Kuhn 1955) in
 * breadth-first order. `neighbours(left, unseen)` lists places of `left` that `unseen` doesn't rule out; it may list others.
 * Returns the first shortage, or null when all are matched.
 */
export function firstShortage(count: number, places: number, neighbours: (left: number, seen: Uint8Array) => Iterable<number>): Shortage | null {
  const matchOfRight = new Int32Array(places).fill(-1);
  const nothingSeen = new Uint8Array(places);
  const waiting: number[] = [];
  for (let left = 0; left < count; left += 1) {
    let found = -1;
    for (const right of neighbours(left, nothingSeen)) {
      if (matchOfRight[right] === -1) {
        found = right;
        break;
      }
    }
    if (found === -1) waiting.push(left);
    else matchOfRight[found] = left;
  }
  for (const left of waiting) {
    const shortage = augment(left, matchOfRight, neighbours);
    if (shortage !== null) return shortage;
  }
  return null;
}

/** Matches one more on the left, moving others; when that can't be, those who were asked to move and the places that they have. */
function augment(first: number, matchOfRight: Int32Array, neighbours: (left: number, seen: Uint8Array) => Iterable<number>): Shortage | null {
  const seen = new Uint8Array(matchOfRight.length);
  const cameFrom = new Map<number, number>();
  const reached: number[] = [];
  const queue = [first];
  const matchOfLeft = new Map<number, number>();
  for (let next = 0; next < queue.length; next += 1) {
    const left = queue[next] as number;
    for (const right of neighbours(left, seen)) {
      if (seen[right] === 1) continue;
      seen[right] = 1;
      cameFrom.set(right, left);
      reached.push(right);
      const occupant = matchOfRight[right] as number;
      if (occupant === -1) {
        shift(right, first, cameFrom, matchOfLeft, matchOfRight);
        return null;
      }
      matchOfLeft.set(occupant, right);
      queue.push(occupant);
    }
  }
  return { left: queue, right: reached };
}

/** Gives each place along the path to who came to it. */
function shift(free: number, first: number, cameFrom: ReadonlyMap<number, number>, matchOfLeft: ReadonlyMap<number, number>, matchOfRight: Int32Array): void {
  for (let right = free; ;) {
    const left = cameFrom.get(right) as number;
    matchOfRight[right] = left;
    if (left === first) return;
    right = matchOfLeft.get(left) as number;
  }
}
