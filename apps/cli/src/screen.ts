import { emitKeypressEvents } from 'node:readline';

/** Size of a screen, and whether it shows colours. */
export interface ScreenLayout {
  readonly width: number;
  readonly height: number;
  readonly isColoured: boolean;
}

/** The whole terminal, until it is disposed of. */
export interface Screen extends Disposable {
  /** Aborts on q, Ctrl-C or a signal to end. */
  readonly signal: AbortSignal;
  /** Draws these lines in place of what is there; again where the size changes. */
  show(toLines: (layout: ScreenLayout) => readonly string[]): void;
}

const ENTER = '\u001B[?1049h\u001B[?25l';
const LEAVE = '\u001B[?25h\u001B[?1049l';
const HOME = '\u001B[H';
const CLEAR_LINE = '\u001B[K';
const CLEAR_REST = '\u001B[J';

/** Takes the terminal's other screen, and gives the first one back as it was. */
export function openScreen(
  { stdin, stdout }: Pick<NodeJS.Process, 'stdin' | 'stdout'> = process,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Screen {
  const ended = new AbortController();
  const end = (): void => ended.abort();
  let shown: ((layout: ScreenLayout) => readonly string[]) | undefined;
  const draw = (): void => {
    if (shown === undefined || ended.signal.aborted) return;
    const [width, height] = [stdout.columns ?? 80, stdout.rows ?? 24];
    const isColoured = (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
    const lines = shown({ width, height, isColoured }).slice(0, height);
    stdout.write(`${HOME}${lines.map((line) => `${line}${CLEAR_LINE}`).join('\r\n')}${CLEAR_REST}`);
  };
  const onKey = (_text: unknown, key: { readonly name?: string; readonly ctrl?: boolean } | undefined): void => {
    if (key?.name === 'q' || (key?.ctrl === true && key.name === 'c')) end();
  };
  emitKeypressEvents(stdin);
  if (stdin.isTTY) stdin.setRawMode(true);
  stdin.on('keypress', onKey).resume();
  stdout.on('resize', draw).write(ENTER);
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, end);
  return {
    signal: ended.signal,
    show: (toLines) => {
      shown = toLines;
      draw();
    },
    [Symbol.dispose]: () => {
      end();
      stdout.off('resize', draw).write(LEAVE);
      stdin.off('keypress', onKey).pause();
      if (stdin.isTTY) stdin.setRawMode(false);
      for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(name, end);
    },
  };
}
