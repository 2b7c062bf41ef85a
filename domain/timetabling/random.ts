// Random numbers that repeat for a seed: the search draws several for each move it looks at.

/**
 * xoroshiro64* of Blackman and Vigna ("Scrambled linear pseudorandom number generators", 2018): two words of state, period 2^64 - 1.
 * Its high bits are good, its lowest are not; `below` uses the high ones.
 */
export class Random {
  private readonly state = new Int32Array(2);

  /** @param seed any whole number */
  constructor(seed: number) {
    // Two rounds of a mixing function (murmur3's finaliser), so that seeds that lie close together begin far apart.
    this.state[0] = mix(seed | 0);
    this.state[1] = mix((seed | 0) ^ 0x9e3779b9) || 1;
    for (let i = 0; i < 8; i++) this.next();
  }

  /** The next 32 bits, as a signed number. */
  next(): number {
    const { state } = this;
    const s0 = state[0]!;
    const s1 = state[1]! ^ s0;
    state[0] = ((s0 << 26) | (s0 >>> 6)) ^ s1 ^ (s1 << 9);
    state[1] = (s1 << 13) | (s1 >>> 19);
    return Math.imul(s0, 0x9e3779bb);
  }

  /** A whole number from 0 to `limit` - 1; `limit` at most 2^21 (what the product of two doubles holds exactly). */
  below(limit: number): number {
    return ((this.next() >>> 0) * limit / 4294967296) | 0;
  }
}

function mix(value: number): number {
  let h = value + 0x7f4a7c15 | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
