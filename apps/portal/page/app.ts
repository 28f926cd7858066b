import type { WatcherStatus } from '@sendit/model';
import { showBatches, showEmptyState } from './batch-table.ts';
import { type ConnectionState, followLive, type LiveProblem } from './connection.ts';
import { byId, refreshTimes, setText } from './dom.ts';
import { toClockTime } from './format.ts';
import { showProblems, showWatcher } from './watcher-view.ts';

/** As many as the live feed sends. */
const LIVE_BATCHES = 50;
const TIME_REFRESH_MS = 5_000;

let status: WatcherStatus | undefined;
let problem: LiveProblem | null = null;
let liveUntil = Date.now();

function showConnection(state: ConnectionState): void {
  if (state === 'lost' && document.body.dataset['connection'] === 'live') liveUntil = Date.now();
  document.body.dataset['connection'] = state;
  const lost =
    status === undefined
      ? 'Connection lost, trying again…'
      : `Connection lost at ${toClockTime(liveUntil)}, trying again…`;
  setText(byId('connection'), { connecting: 'Connecting…', live: 'Live', lost }[state]);
}

followLive({
  onConnection: showConnection,
  onStatus(news) {
    status = news;
    showWatcher(news);
    showEmptyState(news.roots);
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
