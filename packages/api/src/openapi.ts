import { z } from 'zod';
import { asksWho, type Route, ROUTES } from './contract.ts';

/** An OpenAPI 3.1 document, as far as it is looked at here. */
export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

type JsonSchema = Record<string, unknown>;

const ERROR_SCHEMA = z.object({
  error: z.object({
    code: z.string(),
    message: z.string().describe('What was expected and what was got.'),
    retry: z.enum(['safe', 'unsafe', 'never']),
    hint: z.string().nullable().describe('What to do.'),
    problems: z.array(z.string()),
  }),
});

/** Describes the API; `version` is that of the server. */
export function toOpenApi(version: string): OpenApiDocument {
  const schemas: Record<string, unknown> = { Error: toSchema(ERROR_SCHEMA, {}) };
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of ROUTES) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: toOperation(route, schemas) };
  }
  const description = 'The HTTP API of sendit. Names and paths, which may say who a patient is, are told in bodies.';
  return { openapi: '3.1.0', info: { title: 'sendit', version, description }, paths, components: { schemas } };
}

function toOperation(route: Route, schemas: Record<string, unknown>): unknown {
  const { contract, input, method, path } = route;
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
  const shape = input === undefined ? { properties: {}, required: [] } : toShape(input);
  const fields = Object.entries(shape.properties);
  const parameters = fields
    .filter(([name]) => inPath.includes(name) || method === 'GET')
    .map(([name, { description, ...schema }]) => ({
      name,
      in: inPath.includes(name) ? 'path' : 'query',
      required: shape.required.includes(name),
      ...(description === undefined ? {} : { description }),
      schema,
      ...(schema['type'] === 'array' ? { style: 'form', explode: false } : {}),
    }));
  const inBody = fields.filter(([name]) => !inPath.includes(name));
  return {
    operationId: toOperationId(route),
    summary: contract.summary,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(method === 'GET' ? {} : { requestBody: toBody(inBody, shape.required, route) }),
    responses: toResponses(route, schemas),
  };
}

function toOperationId({ contract, operation, path }: Route): string {
  const index = (contract.also ?? []).findIndex((also) => also.path === path);
  return index === -1 ? operation : `${operation}ByAddress${index === 0 ? '' : index + 1}`;
}

function toBody(fields: readonly [string, JsonSchema][], required: readonly string[], route: Route): unknown {
  // The server knows who is signed in.
  const isNeeded = (name: string): boolean => required.includes(name) && !(name === 'by' && asksWho(route));
  const needed = fields.map(([name]) => name).filter(isNeeded);
  return {
    required: route.contract.bodyMayBeAbsent !== true,
    content: {
      'application/json': {
        schema: {
          type: 'object',
          properties: Object.fromEntries(fields),
          ...(needed.length === 0 ? {} : { required: needed }),
          additionalProperties: false,
        },
      },
    },
  };
}

function toResponses(route: Route, schemas: Record<string, unknown>): unknown {
  const { contract, mayBeAbsent } = route;
  const { status = 200 } = contract;
  const content = { 'application/json': { schema: toSchema(contract.answer, schemas) } };
  const codes = typeof status === 'number' ? [status] : Object.values(status);
  const error = { content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } } };
  return {
    ...Object.fromEntries(codes.map((code) => [code, { description: contract.summary, content }])),
    ...(route.input === undefined ? {} : { 400: { description: 'Something else was expected.', ...error } }),
    ...(mayBeAbsent === true ? { 404: { description: 'There is none.', ...error } } : {}),
    default: { description: 'What went wrong.', ...error },
  };
}

function toShape(input: z.ZodObject): {
  readonly properties: Readonly<Record<string, JsonSchema>>;
  readonly required: readonly string[];
} {
  const schema = z.toJSONSchema(input, { io: 'output' }) as JsonSchema;
  return {
    properties: (schema['properties'] ?? {}) as Record<string, JsonSchema>,
    required: Object.entries(input.shape).flatMap(([name, field]) =>
      (field as z.ZodType).safeParse(undefined).success ? [] : [name],
    ),
  };
}

/** The schema of an answer; what has a name of its own stands among the components. */
function toSchema(type: z.ZodType, schemas: Record<string, unknown>): unknown {
  // As what goes in: an answer may have more than is said of it, in a later version.
  const { $defs, $schema: _dialect, id: _id, ...schema } = z.toJSONSchema(type, { io: 'input' }) as JsonSchema;
  const text = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value).replaceAll('"#/$defs/', '"#/components/schemas/'));
  for (const [name, one] of Object.entries(($defs ?? {}) as JsonSchema)) {
    const { id: _own, ...rest } = one as JsonSchema;
    schemas[name] ??= text(rest);
  }
  return text(schema);
}
