import { MESSAGE_LEVELS, type MessageLevel } from '@sendit/model';

/** Other words for the levels, as the original took them. */
const ALIASES: Readonly<Record<string, MessageLevel>> = {
  ABORT: 'ABRT',
  CRITICAL: 'ABRT',
  FATAL: 'ABRT',
  WARN: 'WARNING',
  VERBOSE1: 'VERBOSE',
};

/** The number of a level given by name or number. */
export function toLevelNumber(level: MessageLevel | number): number {
  return typeof level === 'number' ? level : MESSAGE_LEVELS[level];
}

/** Parses `SENDIT_MESSAGELEVEL`: a level's name in any case, one of its aliases, or a whole number; undefined otherwise. */
export function parseMessageLevel(text: string): number | undefined {
  const word = text.trim().toUpperCase();
  if (/^[+-]?\d{1,9}$/.test(word)) return Number(word);
  const name = Object.hasOwn(ALIASES, word) ? ALIASES[word] : word;
  return name !== undefined && isMessageLevel(name) ? MESSAGE_LEVELS[name] : undefined;
}

function isMessageLevel(name: string): name is MessageLevel {
  return Object.hasOwn(MESSAGE_LEVELS, name);
}
