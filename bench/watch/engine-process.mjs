import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('./engines/', import.meta.url));
const TICKS_PER_SECOND = 100;
const READY_MS = 60_000;

/** Starts an engine on a root, `kind` flat or recursive; resolves once it says that its watches stand. */
export async function openEngine({ file, root, kind, patienceMs }) {
  const began = process.hrtime.bigint();
  const program = file.endsWith('.py') ? '/usr/bin/python3' : process.execPath;
  const child = spawn(program, [folder + file, root, kind], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (word) => {
    for (;;) {
      const { value, done } = await lines.next();
      if (done) throw new Error(`${file} ended`);
      if (value.startsWith(`${word} `)) return JSON.parse(value.slice(word.length + 1));
    }
  };
  let ready = false;
  const tooLate = sleep(READY_MS, undefined, { ref: false }).then(() => {
    if (ready) return undefined;
    child.kill('SIGKILL');
    throw new Error(`${file} was not ready within ${READY_MS} ms`);
  });
  // Once the engine is ready nobody waits for it.
  tooLate.catch(() => undefined);
  const { ms, pid } = await Promise.race([answer('READY'), tooLate]);
  ready = true;
  const startMs = Number(process.hrtime.bigint() - began) / 1e6;
  let silent = false;
  /** An engine too busy to answer has, for its user, reported nothing. */
  const ask = async (question, word, otherwise) => {
    if (silent) return otherwise;
    child.stdin.write(`${question}\n`);
    const late = sleep(patienceMs, 'late', { ref: false });
    const answered = await Promise.race([answer(word), late]);
    silent = answered === 'late';
    return silent ? otherwise : answered;
  };
  return {
    readyMs: ms,
    startMs,
    count: () => ask('count', 'COUNT', 0),
    dump: () => ask('dump', 'DUMP', { times: {}, overflows: 0, loopDelayMaxMs: null }),
    stop: () => process.kill(pid, 'SIGSTOP'),
    resume: () => process.kill(pid, 'SIGCONT'),
    memoryMb: (field) =>
      Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024,
    cpuS: () => {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
      return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
    },
    watches: () => countWatches(pid),
    /** Ends it by `exit`, `throw` or SIGTERM; milliseconds until it is gone. */
    endBy: async (way) => {
      const closed = new Promise((resolve) => child.once('close', resolve));
      const asked = performance.now();
      if (way === 'sigterm') child.kill('SIGTERM');
      else child.stdin.write(way === 'exit' ? 'quit\n' : 'throw\n');
      await closed;
      return performance.now() - asked;
    },
    close: async () => {
      const closed = new Promise((resolve) => child.once('close', resolve));
      child.stdin.end('quit\n');
      const timer = setTimeout(() => child.kill('SIGKILL'), 500);
      await closed;
      clearTimeout(timer);
    },
  };
}

function countWatches(pid) {
  let count = 0;
  for (const fd of readdirSync(`/proc/${pid}/fdinfo`)) {
    try {
      count += readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'utf8').match(/^inotify wd/gm)?.length ?? 0;
    } catch (error) {
      if (error.code !== 'ENOENT') throw error;
    }
  }
  return count;
}
