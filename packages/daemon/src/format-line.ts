import { type LogFields, MESSAGE_LEVELS, type MessageLevel } from '@sendit/model';

const COLOURS: Partial<Record<MessageLevel, string>> = {
  ABRT: '\u001b[31m',
  ERROR: '\u001b[91m',
  WARNING: '\u001b[93m',
  LOG: '\u001b[95m',
  VERBOSE: '\u001b[36m',
  DEBUG: '\u001b[36m',
};
const COLOUR_OFF = '\u001b[0m';

// Controls (C0, DEL, C1), line separators and the marks that reorder text: with them a folder name could look like another line.
const UNSAFE = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const BARE = /^[^\s"=\\]+$/u;

/**
 * One line of the text format, with its newline: `LOG 1|CREATE EVENT: /data/x key=value`. INFO has no prefix. Whatever could begin
 * a new line or steer a terminal is written as an escape (`\n`, `\x1b`).
 */
export function formatLine(
  level: MessageLevel,
  message: string,
  options: { fields?: LogFields; colour: boolean },
): string {
  const fields = Object.entries(options.fields ?? {}).filter(([, value]) => value !== undefined);
  const tail = fields.map(([key, value]) => ` ${toSafeText(key)}=${toFieldText(value)}`).join('');
  return `${toPrefix(level, options.colour)}${toSafeText(message)}${tail}\n`;
}

/** Replaces everything that could forge a line or steer a terminal. */
function toSafeText(text: string): string {
  return text.replace(UNSAFE, toEscape);
}

function toPrefix(level: MessageLevel, colour: boolean): string {
  if (MESSAGE_LEVELS[level] === MESSAGE_LEVELS.INFO) return '';
  const on = colour ? COLOURS[level] : undefined;
  return on === undefined ? `${level} ` : `${on}${level}${COLOUR_OFF} `;
}

function toFieldText(value: LogFields[string]): string {
  const text = String(value);
  if (text.search(UNSAFE) < 0 && BARE.test(text)) return text;
  const quoted = text.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
  return `"${toSafeText(quoted)}"`;
}

function toEscape(character: string): string {
  const named = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }[character];
  if (named !== undefined) return named;
  const code = character.charCodeAt(0).toString(16);
  return code.length <= 2 ? `\\x${code.padStart(2, '0')}` : `\\u${code.padStart(4, '0')}`;
}
