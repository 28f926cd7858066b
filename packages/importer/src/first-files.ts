/** Words of a slot: three of the hash, and the file's index plus one; 0 there is a free slot. */
const SLOT_WORDS = 4;
const FIRST_SLOTS = 256;

/**
 * Which file was the first with each SOPInstanceUID. Keeps 96 bits of a hash in place of the UID, 32 to 64 bytes a file: a set of a
 * million strings would be 150 MB. That two UIDs of ten million have one hash is a matter of 10^-15.
 */
export class FirstFiles {
  #slots = new Uint32Array(FIRST_SLOTS * SLOT_WORDS);
  #count = 0;
  readonly #hash = new Uint32Array(3);

  /** The first file of a UID; undefined, and noted, when it is this one. */
  take(uid: string, file: number): number | undefined {
    hashInto(this.#hash, uid);
    const at = findSlot(this.#slots, this.#hash);
    const known = this.#slots[at + 3] ?? 0;
    if (known !== 0) return known - 1;
    this.#slots.set(this.#hash, at);
    this.#slots[at + 3] = file + 1;
    this.#count += 1;
    if (this.#count * SLOT_WORDS * 2 > this.#slots.length) this.#grow();
    return undefined;
  }

  /** Puts another file in the place of the first of a UID that is known. */
  put(uid: string, file: number): void {
    hashInto(this.#hash, uid);
    this.#slots[findSlot(this.#slots, this.#hash) + 3] = file + 1;
  }

  #grow(): void {
    const grown = new Uint32Array(this.#slots.length * 2);
    for (let from = 0; from < this.#slots.length; from += SLOT_WORDS) {
      if (this.#slots[from + 3] === 0) continue;
      const slot = this.#slots.subarray(from, from + SLOT_WORDS);
      grown.set(slot, findSlot(grown, slot));
    }
    this.#slots = grown;
  }
}

/** Where a hash is, or belongs: the next free slot from its own on. At most half of the slots are taken. */
function findSlot(slots: Uint32Array, hash: Uint32Array): number {
  const [first = 0, second = 0, third = 0] = hash;
  const mask = slots.length / SLOT_WORDS - 1;
  let at = (first & mask) * SLOT_WORDS;
  while (slots[at + 3] !== 0 && (slots[at] !== first || slots[at + 1] !== second || slots[at + 2] !== third)) {
    at = (at + SLOT_WORDS) & (slots.length - 1);
  }
  return at;
}

/** cyrb128 by bryc (public domain), three of its four words. */
function hashInto(hash: Uint32Array, text: string): void {
  let a = 1_779_033_703;
  let b = 3_144_134_277;
  let c = 1_013_904_242;
  let d = 2_773_480_762;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    a = b ^ Math.imul(a ^ code, 597_399_067);
    b = c ^ Math.imul(b ^ code, 2_869_860_233);
    c = d ^ Math.imul(c ^ code, 951_274_213);
    d = a ^ Math.imul(d ^ code, 2_716_044_179);
  }
  a = Math.imul(c ^ (a >>> 18), 597_399_067);
  b = Math.imul(d ^ (b >>> 22), 2_869_860_233);
  c = Math.imul(a ^ (c >>> 17), 951_274_213);
  d = Math.imul(b ^ (d >>> 19), 2_716_044_179);
  hash[0] = a ^ d;
  hash[1] = b;
  hash[2] = c;
}
