import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { SenditError } from '@sendit/model';

/** Where a password is read from. */
export interface PasswordSource {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream;
}

/**
 * A new password: from a terminal without echo, twice; else the first line of the standard input. Never from an argument, which others see.
 * @throws SenditError `bad-arguments`
 */
export async function readNewPassword(
  { input, output }: PasswordSource = { input: process.stdin, output: process.stderr },
): Promise<string> {
  if (input.isTTY !== true) return requireText((await readLines(input, 1))[0]);
  const mute = new Writable({ write: (_chunk, _encoding, done) => done() });
  output.write('Password, and once more (nothing is shown):\n');
  const [first, second] = await readLines(input, 2, mute);
  if (first !== second) {
    throw new SenditError('Expected the same password twice, got two.', { code: 'bad-arguments' });
  }
  return requireText(first);
}

function requireText(password: string | undefined): string {
  if (password !== undefined && password !== '') return password;
  throw new SenditError('Expected a password in the first line of the standard input, got nothing.', {
    code: 'bad-arguments',
    hint: 'Run it in a terminal to be asked, or pipe the password in.',
  });
}

async function readLines(
  input: PasswordSource['input'],
  count: number,
  output?: NodeJS.WritableStream,
): Promise<readonly string[]> {
  const reader = createInterface({ input, ...(output && { output, terminal: true }) });
  const lines: string[] = [];
  try {
    for await (const line of reader) if (lines.push(line) === count) break;
  } finally {
    reader.close();
  }
  return lines;
}
