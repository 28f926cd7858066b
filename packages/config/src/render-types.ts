import { toJsonSchema } from './json-schema.ts';

/** The parts of a JSON schema that the schema of the configuration has. */
interface Node {
  readonly description?: string;
  readonly type?: 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object';
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly items?: Node | false;
  readonly prefixItems?: readonly Node[];
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Node | boolean;
}

/** Fields whose texts an editor completes. */
const WORDS: Readonly<Record<string, string>> = {
  events: 'EventsText | readonly EventsText[]',
  processor: 'ProcessorText',
  profile: 'ProfileText',
};

const TUPLE = 'readonly [folder: string, events: EventsText | readonly EventsText[], processor: ProcessorText]';

/** The text of `config-types.ts`: the types of a configuration file with the description of each field, for editors. */
export function toTypesFile(): string {
  const { properties = {} } = toJsonSchema() as Node;
  const { watchPaths, ...fields } = properties;
  const entry = toObjectNode(watchPaths?.items === false ? undefined : watchPaths?.items);
  return [
    '// Generated, and therefore longer than other files, by `npm run reference -w @sendit/config` from schema.ts: change it there.',
    "import type { EventsText, ProcessorText, ProfileText } from './config-words.ts';",
    '',
    '/** One watch path as an object. */',
    `export interface WatchPathFields ${toObject(entry, '')}`,
    '',
    '/** One watch path as a tuple. */',
    `export type WatchPathTuple = ${TUPLE};`,
    '',
    '/** Every setting but the watch paths. */',
    `export interface ConfigFields ${toObject({ properties: fields }, '')}`,
    '',
  ].join('\n');
}

function toObjectNode(node: Node | undefined): Node {
  return node?.anyOf?.find(({ properties }) => properties !== undefined) ?? {};
}

function toObject({ additionalProperties, properties = {}, required = [] }: Node, indent: string): string {
  const inner = `${indent}  `;
  const lines = Object.entries(properties).flatMap(([key, node]) => {
    const name = /^[\w$]+$/.test(key) ? key : `'${key}'`;
    const type = WORDS[key] ?? toType(node, inner);
    const field = required.includes(key) ? `${name}: ${type}` : `${name}?: ${type} | undefined`;
    return [...toComment(node, inner), `${inner}readonly ${field};`];
  });
  if (typeof additionalProperties === 'object') {
    lines.push(`${inner}readonly [own: \`own-\${string}\`]: ${toType(additionalProperties, inner)} | undefined;`);
  }
  return `{\n${lines.join('\n')}\n${indent}}`;
}

function toComment({ description }: Node, indent: string): readonly string[] {
  return description === undefined ? [] : [`${indent}/** ${description.replaceAll('*/', '*\\/')} */`];
}

function toType(node: Node, indent: string): string {
  if (node.const !== undefined) return toLiteral(node.const);
  if (node.enum !== undefined) return node.enum.map(toLiteral).join(' | ');
  const choices = node.anyOf ?? node.oneOf;
  if (choices !== undefined) return choices.map((choice) => toType(choice, indent)).join(' | ');
  if (node.type === 'string') return node.pattern?.startsWith('^own-') === true ? '`own-${string}`' : 'string';
  if (node.type === 'integer' || node.type === 'number') return 'number';
  if (node.type === 'boolean') return 'boolean';
  if (node.type === 'array') {
    return `ReadonlyArray<${typeof node.items === 'object' ? toType(node.items, indent) : 'never'}>`;
  }
  if (node.type === 'object') return toObject(node, indent);
  // A function of the user's, which no JSON schema can say.
  return '((...given: never[]) => unknown)';
}

function toLiteral(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : JSON.stringify(value);
}
