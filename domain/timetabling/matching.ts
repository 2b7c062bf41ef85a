// Bipartite matching that tells, when not all can be matched, which of them compete for too few places (Hall's theorem).

/** The places: a table of rows and columns of which some are open, as bits: bit `column % 32` of `open[row * words + (column >> 5)]`. */
export interface Table {
  readonly rows: number;
  readonly columns: number;
  readonly open: Int32Array;
}

/** Wants one place in any of its rows and columns. */
export interface Unit {
  readonly rows: readonly number[];
  /** As bits, like a row of the table's. */
  readonly columns: Int32Array;
}

/** Units (by position) that together have fewer places than they are, and how many those are: the witness that not all can be matched. */
export interface Shortage {
  readonly units: readonly number[];
  readonly places: number;
}

/** Words of 32 bits that so many columns take. */
export const wordsOf = (columns: number) => (columns + 31) >> 5;

/** Bits of some columns. */
export function bitsOf(columns: number, set: Iterable<number>): Int32Array {
  const bits = new Int32Array(wordsOf(columns));
  for (const column of set) bits[column >> 5] = (bits[column >> 5] ?? 0) | (1 << (column & 31));
  return bits;
}

/**
 * Gives each unit a place of its own (Hopcroft and Karp 1973, with neighbours as bits), or tells a shortage; null when all have one. It takes
 * O(√n · (Σ rows of units) · words) in n units; those with few places should come first, for they then seldom have to be moved.
 */
export function firstShortage(table: Table, units: readonly Unit[]): Shortage | null {
  return new Matching(table, units).complete();
}

class Matching {
  readonly #words: number;
  readonly #open: Int32Array;
  readonly #units: readonly Unit[];
  /** [place] the unit there, [unit] its place, -1 for none; a place is `row * words * 32 + column`. */
  readonly #unitAt: Int32Array;
  readonly #placeOf: Int32Array;
  readonly #level: Int32Array;

  constructor({ rows, columns, open }: Table, units: readonly Unit[]) {
    this.#words = wordsOf(columns);
    this.#open = open;
    this.#units = units;
    this.#unitAt = new Int32Array(rows * this.#words * 32).fill(-1);
    this.#placeOf = new Int32Array(units.length).fill(-1);
    this.#level = new Int32Array(units.length);
  }

  complete(): Shortage | null {
    const taken = new Int32Array(this.#open.length);
    for (let unit = 0; unit < this.#units.length; unit += 1) {
      const place = this.#take(unit, this.#open, taken);
      if (place >= 0) this.#settle(unit, place);
    }
    for (;;) {
      const waiting = this.#waiting();
      if (waiting.length === 0) return null;
      const { levels, isFree } = this.#search(waiting);
      if (!isFree) return this.#witness(waiting[0] as number);
      this.#augment(waiting, levels);
    }
  }

  #waiting(): number[] {
    return Array.from(this.#placeOf.keys()).filter((unit) => this.#placeOf[unit] === -1);
  }

  #settle(unit: number, place: number): void {
    this.#unitAt[place] = unit;
    this.#placeOf[unit] = place;
  }

  /** A place of the unit's that is in `among` and not in `used`, which it then is in; -1 when there is none. */
  #take(unit: number, among: Int32Array, used: Int32Array): number {
    const { rows, columns } = this.#units[unit] as Unit;
    for (const row of rows) {
      for (let word = 0; word < this.#words; word += 1) {
        const index = row * this.#words + word;
        const bits = (columns[word] as number) & (this.#open[index] as number) & (among[index] as number) & ~(used[index] as number);
        if (bits === 0) continue;
        used[index] = (used[index] as number) | (bits & -bits);
        return index * 32 + (31 - Math.clz32(bits & -bits));
      }
    }
    return -1;
  }

  /** Breadth first from all who wait: the places by their distance, as bits, until one of them is free. */
  #search(waiting: readonly number[]): { levels: Int32Array[]; isFree: boolean; reached: number[] } {
    const seen = new Int32Array(this.#open.length);
    const levels: Int32Array[] = [];
    const reached = [...waiting];
    let isFree = false;
    for (const unit of waiting) this.#level[unit] = 0;
    for (let from = 0; from < reached.length && !isFree;) {
      const to = reached.length;
      const level = new Int32Array(this.#open.length);
      for (; from < to; from += 1) {
        const unit = reached[from] as number;
        for (let place = this.#take(unit, this.#open, seen); place >= 0; place = this.#take(unit, this.#open, seen)) {
          level[place >> 5] = (level[place >> 5] as number) | (1 << (place & 31));
          const occupant = this.#unitAt[place] as number;
          if (occupant === -1) {
            isFree = true;
          } else {
            this.#level[occupant] = levels.length + 1;
            reached.push(occupant);
          }
        }
      }
      levels.push(level);
    }
    return { levels, isFree, reached };
  }

  /** As many shortest augmenting paths as there are that share no place, depth first. */
  #augment(waiting: readonly number[], levels: readonly Int32Array[]): void {
    const used = new Int32Array(this.#open.length);
    for (const first of waiting) {
      const path = [{ unit: first, place: -1 }];
      while (path.length > 0) {
        const last = path[path.length - 1] as { unit: number; place: number };
        const level = levels[this.#level[last.unit] as number];
        last.place = level === undefined ? -1 : this.#take(last.unit, level, used);
        if (last.place === -1) {
          path.pop();
          continue;
        }
        const occupant = this.#unitAt[last.place] as number;
        if (occupant === -1) {
          for (const { unit, place } of path) this.#settle(unit, place);
          break;
        }
        path.push({ unit: occupant, place: -1 });
      }
    }
  }

  /** Of one who can't be matched: all who would have to move, and the places that they have. */
  #witness(unit: number): Shortage {
    const { levels, reached } = this.#search([unit]);
    const places = levels.reduce((sum, level) => sum + level.reduce((all, bits) => all + bitCount(bits), 0), 0);
    return { units: reached, places };
  }
}

function bitCount(bits: number): number {
  let count = 0;
  for (let left = bits; left !== 0; left &= left - 1) count += 1;
  return count;
}
