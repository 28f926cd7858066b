import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { openEngine } from './engine-process.mjs';

const run = promisify(execFile);
const sender = fileURLToPath(new URL('./sender.mjs', import.meta.url));

async function send(kind, root, count, { pauseMs = 0, first = 0 } = {}) {
  const { stdout } = await run(process.execPath, [sender, kind, root, String(count), String(pauseMs), String(first)], {
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(stdout);
}

/** Waits until an engine has reported `count` directories, or nothing new for `quietMs`. */
async function settle(engine, count, quietMs) {
  let seen = await engine.count();
  let changed = performance.now();
  const giveUp = changed + 10 * quietMs;
  while (seen < count && performance.now() - changed < quietMs && performance.now() < giveUp) {
    await sleep(10);
    const now = await engine.count();
    if (now !== seen) changed = performance.now();
    seen = now;
  }
}

async function withRoot(base, action) {
  const root = mkdtempSync(join(base, 'root-'));
  try {
    return await action(root);
  } finally {
    rmSync(root, { recursive: true });
  }
}

async function withEngine({ file, root, quietMs, kind = 'recursive' }, action) {
  const engine = await openEngine({ file, root, kind, patienceMs: 4 * quietMs });
  try {
    return await action(engine);
  } finally {
    await engine.close();
  }
}

const withFreshEngine = ({ file, base, quietMs, kind }, action) =>
  withRoot(base, (root) => withEngine({ file, root, quietMs, kind }, (engine) => action(engine, root)));

const toMs = (nanoseconds) => Number(nanoseconds) / 1e6;

/** The value below which a share of the sorted values lies. */
function quantile(sorted, share) {
  return sorted.length === 0 ? null : sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

/** Start-up on a standing tree, and the time from a rename in it to the callback. */
export function measureStart({ file, tree, latencies, quietMs, crowd }) {
  return withEngine({ file, root: tree, quietMs }, (engine) =>
    measureStartOf(engine, { tree, latencies, quietMs, crowd }),
  );
}

async function measureStartOf(engine, { tree, latencies, quietMs, crowd }) {
  const start = {
    readyMs: engine.readyMs,
    startMs: engine.startMs,
    rssMb: engine.memoryMb('VmRSS'),
    watches: engine.watches(),
  };
  const place = join(tree, 'latency');
  mkdirSync(place);
  try {
    const alone = await measureLatency(engine, { place, latencies, quietMs, first: 0 });
    for (let i = 0; i < crowd; i++) mkdirSync(join(place, `there${i}`));
    const crowded = crowd === 0 ? [] : await measureLatency(engine, { place, latencies, quietMs, first: latencies });
    return {
      ...start,
      latencyP50Ms: quantile(alone, 0.5),
      latencyP99Ms: quantile(alone, 0.99),
      crowdedP50Ms: quantile(crowded, 0.5),
    };
  } finally {
    rmSync(place, { recursive: true });
  }
}

/** Milliseconds from each rename to its callback, sorted. */
async function measureLatency(engine, { place, latencies, quietMs, first }) {
  await sleep(200);
  const sent = await send('slow', place, latencies, { pauseMs: 4, first });
  await settle(engine, first + latencies, quietMs);
  const { times } = await engine.dump();
  return sent.times
    .map((at, i) => [at, times[`x_${String(first + i).padStart(6, '0')}`]])
    .filter(([, seen]) => seen !== undefined)
    .map(([at, seen]) => toMs(BigInt(seen) - BigInt(at)))
    .toSorted((a, b) => a - b);
}

/** The time from asking a process that watches a standing tree to end until it is gone, the worse of three. */
export async function measureExits({ file, tree, quietMs }) {
  const worst = {};
  for (const way of ['exit', 'throw', 'sigterm']) {
    worst[way] = 0;
    for (let i = 0; i < 3; i++) {
      const engine = await openEngine({ file, root: tree, kind: 'recursive', patienceMs: 4 * quietMs });
      worst[way] = Math.max(worst[way], Math.round(await engine.endBy(way)));
    }
  }
  return worst;
}

/** As many directories as the sender can make: each with three files, then renamed. */
export function measureBurst({ file, base, count, quietMs, kind }) {
  return withFreshEngine({ file, base, quietMs, kind }, async (engine, root) => {
    const before = engine.cpuS();
    const sent = await send('full', root, count);
    await settle(engine, count, quietMs);
    const { times, loopDelayMaxMs = null } = await engine.dump();
    const seen = Object.values(times);
    const lastSeen = seen.reduce((latest, at) => (BigInt(at) > latest ? BigInt(at) : latest), 0n);
    return {
      sent: count,
      missed: count - seen.length,
      cpuS: Number((engine.cpuS() - before).toFixed(2)),
      lastEventAfterMs: seen.length === 0 ? null : toMs(lastSeen - BigInt(sent.end)),
      peakMb: engine.memoryMb('VmHWM'),
      loopDelayMaxMs,
    };
  });
}

/** The engine's process stands still during the burst, so that the kernel's queue overflows. */
export function measureOverflow({ file, base, count, quietMs }) {
  return withFreshEngine({ file, base, quietMs }, async (engine, root) => {
    engine.stop();
    try {
      await send('bare', root, count);
    } finally {
      engine.resume();
    }
    const resumed = process.hrtime.bigint();
    await settle(engine, count, quietMs);
    const { times, overflows } = await engine.dump();
    const seen = Object.values(times);
    const lastSeen = seen.reduce((latest, at) => (BigInt(at) > latest ? BigInt(at) : latest), resumed);
    return { sent: count, missed: count - seen.length, reported: overflows > 0, recoveredMs: toMs(lastSeen - resumed) };
  });
}
