import { messages, protocol, types } from '@electric-sql/pglite';

/** Turns the text of one value into what JavaScript has for it, by the type's oid. */
export type ValueParsers = Readonly<Record<number, (text: string) => unknown>>;

/** How rows are given: objects by column name by default. */
export interface RowOptions {
  readonly rowMode?: 'array' | 'object';
  /** Beside the usual ones. */
  readonly parsers?: ValueParsers;
}

/** A column of a result. */
export interface ResultField {
  readonly name: string;
  readonly dataTypeID: number;
}

/** Result of one statement. */
export interface StatementResult<Row> {
  readonly rows: Row[];
  readonly fields: readonly ResultField[];
  /** First word of what the server says of it: `SELECT`, `ROLLBACK`. */
  readonly command: string;
  readonly affectedRows: number;
}

/** An answer of the engine, taken apart. */
export interface Answer {
  readonly results: readonly RawResult[];
  /** The first error in it. */
  readonly error: Error | undefined;
  readonly notifications: readonly { readonly channel: string; readonly payload: string }[];
  /** Whether a statement was parsed: then it can be used by its name, even if what followed failed. */
  readonly isParsed: boolean;
}

interface RawResult {
  /** Undefined where nobody asked for them. */
  readonly fields: readonly ResultField[] | undefined;
  readonly rows: readonly (readonly (string | null)[])[];
  readonly command: string;
  readonly affectedRows: number;
}

const { serialize } = protocol;

/** One simple query, which may hold several statements. */
export function toSimpleQuery(text: string): Uint8Array {
  return serialize.query(text);
}

/** Messages that send a statement with parameters. */
export interface ExtendedQuery {
  readonly text: string;
  readonly parameters: readonly unknown[];
  /** Name to keep the parsed statement under, or that it is kept under; empty for none. */
  readonly name: string;
  readonly isParsed: boolean;
  /** Whether the columns of the result are known from an earlier run. */
  readonly isDescribed: boolean;
  /** Kept statements that are not wanted any more. */
  readonly forget: readonly string[];
}

/** All messages of a statement at once: the engine is entered once for it, not once for each message. */
export function toExtendedQuery(query: ExtendedQuery): readonly Uint8Array[] {
  const { forget, isDescribed, isParsed, name, parameters, text } = query;
  return [
    ...forget.map((old) => serialize.close({ type: 'S', name: old })),
    ...(isParsed ? [] : [serialize.parse({ name, text })]),
    serialize.bind({ statement: name, values: parameters.map(toParameter) }),
    ...(isDescribed ? [] : [serialize.describe({ type: 'P' })]),
    serialize.execute({}),
    serialize.sync(),
  ];
}

/** As the text that PostgreSQL reads, whatever the type is; an array is one of the server's, an object is JSON. */
function toParameter(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString('hex')}`;
  if (Array.isArray(value)) return `{${value.map(toElement).join()}}`;
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : JSON.stringify(value);
}

function toElement(value: unknown): string {
  if (Array.isArray(value)) return toParameter(value) ?? 'NULL';
  const text = toParameter(value);
  return text === null ? 'NULL' : `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

/** Takes an answer apart. */
export function readAnswer(bytes: Uint8Array): Answer {
  const results: RawResult[] = [];
  const notifications: { channel: string; payload: string }[] = [];
  let error: Error | undefined;
  let isParsed = false;
  let fields: readonly ResultField[] | undefined;
  let rows: (readonly (string | null)[])[] = [];
  new protocol.Parser().parse(bytes, (message) => {
    if (message instanceof messages.DataRowMessage) rows.push(message.fields);
    else if (message instanceof messages.RowDescriptionMessage) fields = message.fields.map(toField);
    else if (message instanceof messages.CommandCompleteMessage) {
      results.push({ fields, rows, ...toCommand(message.text) });
      fields = undefined;
      rows = [];
    } else if (message instanceof messages.DatabaseError) error ??= message;
    else if (message instanceof messages.NotificationResponseMessage) notifications.push(message);
    else if (message.name === 'parseComplete') isParsed = true;
  });
  return { results, error, notifications, isParsed };
}

function toField({ name, dataTypeID }: ResultField): ResultField {
  return { name, dataTypeID };
}

/** `INSERT 0 5`, `UPDATE 3`, `BEGIN`. */
function toCommand(text: string): { readonly command: string; readonly affectedRows: number } {
  const words = text.split(' ');
  const [command = ''] = words;
  const count = Number(words.at(-1));
  const writes = ['INSERT', 'UPDATE', 'DELETE', 'MERGE', 'COPY'].includes(command);
  return { command, affectedRows: writes && Number.isInteger(count) ? count : 0 };
}

/** Types whose arrays are read, with the oids of these. */
const ARRAYS: readonly (readonly [array: number, element: number])[] = [
  [1000, types.BOOL],
  [1005, types.INT2],
  [1007, types.INT4],
  [1016, types.INT8],
  [1009, types.TEXT],
  [1015, types.VARCHAR],
  [1021, types.FLOAT4],
  [1022, types.FLOAT8],
  [199, types.JSON],
  [3807, types.JSONB],
  [2951, types.UUID],
];

const PARSERS: ValueParsers = {
  ...types.parsers,
  ...Object.fromEntries(
    ARRAYS.map(([array, element]) => [
      array,
      (text: string): unknown => types.arrayParser(text, (item) => parseValue(item, element, types.parsers), array),
    ]),
  ),
};

function parseValue(text: string | null, type: number, parsers: ValueParsers): unknown {
  if (text === null) return null;
  const parse = parsers[type];
  return parse === undefined ? text : parse(text);
}

/** A result with values of JavaScript; `known`: its columns where the answer does not have them. */
export function toResult<Row>(
  { affectedRows, command, ...raw }: RawResult,
  options: RowOptions = {},
  known: readonly ResultField[] = [],
): StatementResult<Row> {
  const fields = raw.fields ?? known;
  const parsers = options.parsers === undefined ? PARSERS : { ...PARSERS, ...options.parsers };
  const parse = (row: readonly (string | null)[]): unknown[] =>
    row.map((text, index) => parseValue(text, fields[index]?.dataTypeID ?? types.TEXT, parsers));
  const rows =
    options.rowMode === 'array'
      ? raw.rows.map(parse)
      : raw.rows.map((row) => Object.fromEntries(parse(row).map((value, index) => [fields[index]?.name ?? '', value])));
  return { rows: rows as Row[], fields, command, affectedRows };
}

/** All of some bytes, in a buffer of its own, which can be handed over. */
export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
