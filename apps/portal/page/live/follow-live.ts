import type { BatchSummary, WatcherStatus } from '@sendit/api';
import { toAddress } from '../api/client.ts';

/** `live`: what is shown is current. `lost`: it is as old as the last change, and the page keeps trying. */
export type ConnectionState = 'connecting' | 'live' | 'lost';

/** Why the server itself cannot see the state. */
export interface LiveProblem {
  readonly message: string;
  readonly hint: string | null;
}

/** Called as the live feed speaks. */
export interface LiveHandlers {
  readonly onConnection: (state: ConnectionState) => void;
  readonly onStatus: (status: WatcherStatus) => void;
  readonly onBatches: (batches: readonly BatchSummary[]) => void;
  readonly onProblem: (problem: LiveProblem | null) => void;
}

/** The server says something every 4 s; three missed turns mean that nobody is there, whatever the socket says. */
const SILENCE_MS = 12_000;
const RETRY_MS = 2_000;

/** Follows the live feed for as long as the page is open. */
export function followLive(handlers: LiveHandlers): void {
  let source: EventSource | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let silence: ReturnType<typeof setTimeout> | undefined;

  function heard(): void {
    clearTimeout(silence);
    silence = setTimeout(reopen, SILENCE_MS);
  }

  function reopen(): void {
    handlers.onConnection('lost');
    source?.close();
    clearTimeout(silence);
    clearTimeout(retry);
    retry = setTimeout(open, RETRY_MS);
  }

  function listen<T>(channel: string, handle: (value: T) => void): void {
    source?.addEventListener(channel, (event: MessageEvent<string>) => {
      heard();
      handle(JSON.parse(event.data));
    });
  }

  function open(): void {
    source = new EventSource(toAddress('api/live'));
    heard();
    source.addEventListener('hello', () => {
      heard();
      handlers.onConnection('live');
    });
    listen('alive', () => undefined);
    listen('status', handlers.onStatus);
    listen('batches', handlers.onBatches);
    listen('problem', handlers.onProblem);
    source.addEventListener('error', () => {
      // The browser connects again by itself, except after an HTTP error.
      if (source?.readyState === EventSource.CLOSED) reopen();
      else handlers.onConnection('lost');
    });
  }

  open();
  // A tab that comes back from sleep should not wait for a timer.
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible' && source?.readyState === EventSource.CLOSED) {
      clearTimeout(retry);
      open();
    }
  });
}
