import type { ResultField } from './wire.ts';

/** Parsed statements that are kept; the least recently used goes for a new one. */
const MOST = 250;
/** A longer text is one of a kind: a list of ids in it. */
const LONGEST = 20_000;
/** Kept: what else is sent is sent once (`create`, `vacuum`), or must not be bound (`begin`). */
const WORTH_IT = /^(?:\s|--[^\n]*\n)*(?:select|insert|update|delete|with|lock)\b/i;

/** A statement that the engine has parsed. */
export interface KeptStatement {
  readonly name: string;
  /** Undefined until it ran once. */
  fields: readonly ResultField[] | undefined;
  isParsed: boolean;
}

/**
 * Names of statements that are parsed once and run many times. One that is met for the first time is not kept: many are never met again.
 */
export class StatementCache {
  readonly #kept = new Map<string, KeptStatement>();
  readonly #met = new Set<string>();
  #count = 0;
  #forget: string[] = [];

  /** The statement under which a text is kept, undefined where it is not. */
  find(text: string): KeptStatement | undefined {
    const kept = this.#kept.get(text);
    if (kept !== undefined) {
      this.#kept.delete(text);
      this.#kept.set(text, kept);
      return kept;
    }
    if (text.length > LONGEST || !WORTH_IT.test(text)) return undefined;
    if (!this.#met.delete(text)) {
      if (this.#met.size >= MOST) this.#met.clear();
      this.#met.add(text);
      return undefined;
    }
    this.#count += 1;
    const fresh: KeptStatement = { name: `s${this.#count}`, fields: undefined, isParsed: false };
    this.#kept.set(text, fresh);
    this.#shrink();
    return fresh;
  }

  /** It cannot be used as it is any more: what it read has changed. */
  drop(text: string): void {
    const kept = this.#kept.get(text);
    if (kept?.isParsed === true) this.#forget.push(kept.name);
    this.#kept.delete(text);
  }

  /** Names that the engine is to forget, each told once. */
  takeForgotten(): readonly string[] {
    return this.#forget.splice(0);
  }

  #shrink(): void {
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST && oldest !== undefined) this.drop(oldest);
  }
}
