/** Limits on the cost of a header; beyond them reading stops with `limit`. */
export interface HeaderLimits {
  /** Sequences within sequences; 64 by default. */
  readonly depth: number;
  /** Elements, nested ones included, of all walks over one file; 500,000 by default. */
  readonly elements: number;
  /** Bytes of one value that is kept; 1 MiB by default. */
  readonly valueBytes: number;
  /** Bytes that a deflated data set may grow to; 64 MiB by default. */
  readonly inflatedBytes: number;
}

/** Defaults of {@link HeaderLimits}. */
export const HEADER_LIMITS: HeaderLimits = {
  depth: 64,
  elements: 500_000,
  valueBytes: 1 << 20,
  inflatedBytes: 64 << 20,
};
