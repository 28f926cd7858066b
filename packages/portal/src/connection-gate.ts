import type { Logger } from '@sendit/model';

/** How many connections a server takes. */
export interface ConnectionLimits {
  readonly inAll: number;
  /** From one address; those behind one proxy count together. */
  readonly perClient: number;
  /** Live feeds among those of one client: the rest is for requests that end. */
  readonly feedsPerClient: number;
}

/** Beyond these nobody looks at a page. */
const MOST_CONNECTIONS = 512;
/** Of the descriptors that the process may have open, the connections of a server get this part: with page and socket half is left to the work. */
const SHARE = 1 / 4;
/** Between two lines of the log about refused connections. */
const SAY_EVERY_MS = 60_000;

/** Limits of a process by its maximum of open descriptors (RLIMIT_NOFILE, getrlimit(2)). */
export function toConnectionLimits(openFiles: number): ConnectionLimits {
  const inAll = Math.min(MOST_CONNECTIONS, Math.max(8, Math.floor(openFiles * SHARE)));
  const perClient = Math.floor(inAll / 2);
  return { inAll, perClient, feedsPerClient: Math.floor((perClient * 3) / 4) };
}

export interface GateOptions {
  readonly limits: ConnectionLimits;
  readonly logger: Logger;
  /** Monotonic, in ms. */
  readonly now?: () => number;
}

type Kind = 'connections' | 'feeds';

/** Counts connections and refuses those beyond the limits. Logs refusals at most once a minute. */
export class ConnectionGate {
  readonly #limits: ConnectionLimits;
  readonly #logger: Logger;
  readonly #now: () => number;
  readonly #counts = { connections: new Map<string, number>(), feeds: new Map<string, number>() };
  #inAll = 0;
  #refused = 0;
  #said = -Infinity;

  constructor({ limits, logger, now = () => performance.now() }: GateOptions) {
    this.#limits = limits;
    this.#logger = logger;
    this.#now = now;
  }

  /** Connections now. */
  get open(): number {
    return this.#inAll;
  }

  /** Lets a connection in; the returned function counts it out again, once. Undefined when it is one too many. */
  connect(client: string): (() => void) | undefined {
    if (this.#inAll >= this.#limits.inAll) return this.#refuse('in all');
    const leave = this.#enter('connections', client, this.#limits.perClient);
    if (leave === undefined) return undefined;
    this.#inAll += 1;
    return once(() => {
      this.#inAll -= 1;
      leave();
    });
  }

  /** The same for a live feed, on a connection that has been let in. */
  openFeed(client: string): (() => void) | undefined {
    return this.#enter('feeds', client, this.#limits.feedsPerClient);
  }

  #enter(kind: Kind, client: string, most: number): (() => void) | undefined {
    const counts = this.#counts[kind];
    const count = counts.get(client) ?? 0;
    if (count >= most) return this.#refuse(kind === 'feeds' ? 'live feeds of one client' : 'of one client');
    counts.set(client, count + 1);
    return once(() => {
      const left = (counts.get(client) ?? 1) - 1;
      if (left === 0) counts.delete(client);
      else counts.set(client, left);
    });
  }

  #refuse(which: string): undefined {
    this.#refused += 1;
    const now = this.#now();
    if (now - this.#said < SAY_EVERY_MS) return;
    this.#logger.warning('portal: too many connections, more are refused', {
      which,
      open: this.#inAll,
      refused: this.#refused,
      ...this.#limits,
    });
    this.#said = now;
    this.#refused = 0;
  }
}

function once(work: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    work();
  };
}
