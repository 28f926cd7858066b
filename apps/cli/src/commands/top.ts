import { Flags } from '@oclif/core';
import { type OpenedApi, openAsked } from '@sendit/runtime/installation';
import { setTimeout } from 'node:timers/promises';
import { BaseCommand } from '../base-command.ts';
import { dataFlag } from '../data-flag.ts';
import { renderTop, type TopFacts } from '../render/render-top.ts';
import { openScreen } from '../screen.ts';

/** Where the database itself is asked, it must not be held for long: a watcher may want to start. */
const WITHOUT_WATCHER_MS = 10_000;

export default class Top extends BaseCommand {
  static override summary = 'Watch what arrives, waits and fails, until q or Ctrl-C.';
  static override description =
    'A live view of what `watcher status` says. Where the output is no terminal it is printed once.';
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --every 5'];
  static override flags = {
    ...dataFlag,
    every: Flags.integer({ summary: 'Seconds between two looks.', default: 2, min: 1, max: 3600 }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Top);
    const ask = (): Promise<OpenedApi> => openAsked(flags, { onWarning: () => undefined });
    if (process.stdout.isTTY !== true) {
      await using api = await ask();
      this.log(renderTop(await readFacts(api), { width: 80, now: Date.now(), isColoured: false }).join('\n'));
      return;
    }
    using screen = openScreen();
    while (!screen.signal.aborted) {
      let waitMs = flags.every * 1_000;
      try {
        await using api = await ask();
        if (api.from !== 'daemon') waitMs = Math.max(waitMs, WITHOUT_WATCHER_MS);
        const facts = await readFacts(api);
        screen.show((layout) => renderTop(facts, { ...layout, now: Date.now() }));
      } catch (error) {
        screen.show(() => [error instanceof Error ? error.message : String(error), '', 'Tried again; q ends.']);
      }
      await setTimeout(waitMs, undefined, { signal: screen.signal }).catch(() => undefined);
    }
  }
}

async function readFacts(api: OpenedApi): Promise<TopFacts> {
  const [status, stages, pending, batches] = await Promise.all([
    api.status(),
    api.countStages().catch(() => null),
    api.listPending({ limit: 50 }).catch(() => ({ results: [] })),
    api.listBatches({ limit: 50 }).catch(() => ({ results: [] })),
  ]);
  return { status, stages, pending: pending.results, batches: batches.results };
}
