import type { WatcherStatus } from '@sendit/api';
import { showBatches, showEmptyState } from './batch-table.ts';
import { type ConnectionState, followLive, type LiveProblem } from './connection.ts';
import { byId, refreshTimes, setText } from './dom.ts';
import { toClockTime } from './format.ts';
import { showNoAnswer, showProblems, showWatcher } from './watcher-view.ts';

/** As many as the live feed sends. */
const LIVE_BATCHES = 50;
const TIME_REFRESH_MS = 5_000;

const CONNECTION_WORDS: Readonly<Record<ConnectionState, string>> = {
  connecting: 'Connecting…',
  live: 'Live',
  lost: 'Connection lost, trying again…',
};

let status: WatcherStatus | undefined;
let problem: LiveProblem | null = null;

function showConnection(state: ConnectionState): void {
  const before = document.body.dataset['connection'];
  document.body.dataset['connection'] = state;
  setText(byId('connection'), CONNECTION_WORDS[state]);
  if (state === 'lost' && before !== 'lost') showNoAnswer(status, toClockTime(Date.now()));
}

followLive({
  onConnection: showConnection,
  onStatus(news) {
    status = news;
    showWatcher(news);
    showEmptyState(news);
    showProblems(problem, status);
  },
  onBatches(batches) {
    showBatches(batches, LIVE_BATCHES);
  },
  onProblem(news) {
    problem = news;
    showProblems(problem, status);
  },
});

setInterval(refreshTimes, TIME_REFRESH_MS);
