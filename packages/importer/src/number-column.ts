/** Numbers in the order in which they came, eight bytes each (four of whole numbers below 2^24) and no object for one. */
export class NumberColumn {
  readonly #Values: typeof Float64Array | typeof Float32Array;
  #values: Float64Array | Float32Array;
  #length = 0;

  constructor({ isSmall = false }: { readonly isSmall?: boolean } = {}) {
    this.#Values = isSmall ? Float32Array : Float64Array;
    this.#values = new this.#Values(16);
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const grown = new this.#Values(this.#length * 2);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[this.#length++] = value;
  }

  /** NaN beyond the end. */
  at(index: number): number {
    return index < this.#length ? (this.#values[index] ?? Number.NaN) : Number.NaN;
  }

  /** A sorted copy. */
  toSorted(): Float64Array {
    return Float64Array.from(this.#values.subarray(0, this.#length)).sort();
  }
}
