// The OpenAPI 3.1 document, made of the route table: what is validated is what is described. JSON Schema draft 2020-12, as OpenAPI 3.1 takes it.
import { z } from 'zod';
import { SCOPES } from './auth/principal.ts';
import { ERROR_CODES, type ErrorCode } from './error-code.ts';
import type { Route } from './route.ts';

/** The document as plain JSON. */
export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly jsonSchemaDialect: string;
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly servers: readonly { readonly url: string }[];
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: object;
}

/** One operation. */
export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly security: readonly Record<string, readonly string[]>[];
  readonly parameters: readonly Parameter[];
  readonly requestBody?: {
    readonly required: true;
    readonly content: Readonly<Record<string, { readonly schema: Schema; readonly example?: unknown }>>;
  };
  readonly responses: Readonly<
    Record<string, { readonly description: string; readonly content?: object; readonly 'x-error-codes'?: readonly ErrorCode[] }>
  >;
}

type Schema = Readonly<Record<string, unknown>>;

/** One parameter. */
export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly schema: Schema;
  readonly description?: string;
  readonly example?: unknown;
}

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';
const DESCRIPTION = `Risk and settlement engine of a stock broker. Every answer has one envelope: data, error, meta.request_id (echoed as X-Request-Id) and, \
on lists, meta.next_cursor. Amounts are whole paise in fields that end in _paise; prices are rupees with at most four decimals; quantities are units. \
Mutating routes take an Idempotency-Key: a repeat with the same body within 24 hours gets the first answer and Idempotency-Replayed: true.`;
/** Errors that any route can answer with: one without a query refuses any. */
const EVERYWHERE: readonly ErrorCode[] = ['TZ-QUERY', 'TZ-RATE', 'TZ-INTERNAL'];
const WITH_TOKEN: readonly ErrorCode[] = [
  'TZ-TOKEN-MISSING',
  'TZ-TOKEN-MALFORMED',
  'TZ-TOKEN-ALGORITHM',
  'TZ-TOKEN-KEY',
  'TZ-TOKEN-SIGNATURE',
  'TZ-TOKEN-EXPIRED',
  'TZ-TOKEN-EARLY',
  'TZ-TOKEN-ISSUER',
  'TZ-TOKEN-AUDIENCE',
  'TZ-TOKEN-CLAIMS',
];
const WITH_BODY: readonly ErrorCode[] = ['TZ-JSON', 'TZ-BODY-TOO-LARGE', 'TZ-CONTENT-TYPE', 'TZ-INVALID'];
const WITH_KEY: readonly ErrorCode[] = ['TZ-IDEMPOTENCY-KEY', 'TZ-IN-FLIGHT', 'TZ-KEY-REUSED'];

/** Describes the routes. */
export function openApiDocument(routes: readonly Route[]): OpenApiDocument {
  const paths: Record<string, Record<string, Operation>> = {};
  for (const each of routes) {
    const path = each.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [each.method.toLowerCase()]: operation(each) };
  }
  return {
    openapi: '3.1.0',
    jsonSchemaDialect: DIALECT,
    info: { title: 'tarazu', version: '1', description: DESCRIPTION },
    servers: [{ url: '/' }],
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: `Scopes: ${Object.entries(SCOPES)
            .map(([scope, opens]) => `${scope} (${opens})`)
            .join('; ')}`,
        },
      },
      schemas: { Error: errorSchema() },
    },
  };
}

/** Every code a route can answer with. */
export function errorsOf(route: Route): ErrorCode[] {
  const { access, body, mutates, errors, params } = route;
  return [
    ...new Set([
      ...EVERYWHERE,
      ...(access === 'loopback' ? (['TZ-LOOPBACK'] as const) : []),
      ...(access === 'open' || access === 'loopback' ? [] : WITH_TOKEN),
      ...(access === 'open' || access === 'loopback' || access === 'token' ? [] : (['TZ-SCOPE'] as const)),
      ...(params === undefined ? [] : (['TZ-PATH'] as const)),
      ...(body === undefined ? [] : WITH_BODY),
      ...(mutates === undefined || mutates === false ? [] : WITH_KEY),
      ...(errors ?? []),
    ]),
  ];
}

function operation(route: Route): Operation {
  const { method, path, summary, tag, access, body, example } = route;
  const isOpen = access === 'open' || access === 'loopback';
  const words = path.split('/').filter((part) => part !== '' && part !== 'v1');
  return {
    operationId: [method.toLowerCase(), ...words.map((part) => part.replace(/^:/, 'by_').replaceAll(/[^\w]/g, '_'))].join('_'),
    summary,
    tags: [tag],
    security: isOpen ? [] : [{ bearer: access === 'token' ? [] : [access] }],
    parameters: [
      ...parametersOf('path', route.params, example?.params),
      ...parametersOf('query', route.query, example?.query),
      ...keyParameter(route),
    ],
    ...(body === undefined ? {} : { requestBody: { required: true as const, content: contentOf(route, body) } }),
    responses: { ...successOf(route), ...failuresOf(route) },
  };
}

function contentOf(route: Route, body: z.ZodType): Record<string, { schema: Schema; example?: unknown }> {
  const example = route.example?.body;
  const json = { schema: schemaOf(body, 'input'), ...(example === undefined ? {} : { example }) };
  return { 'application/json': json, ...(route.takesCsv === true ? { 'text/csv': { schema: { type: 'string' } } } : {}) };
}

function keyParameter({ mutates }: Route): Parameter[] {
  if (mutates === undefined || mutates === false) return [];
  const description = 'Makes the request exactly once: 1 to 64 printable characters, new for every new request';
  return [
    { name: 'Idempotency-Key', in: 'header', required: mutates === 'required', schema: { type: 'string', minLength: 1, maxLength: 64 }, description },
  ];
}

function parametersOf(place: 'path' | 'query', schema: z.ZodType | undefined, examples: Readonly<Record<string, unknown>> | undefined): Parameter[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as { properties?: Record<string, Schema>; required?: readonly string[] };
  return Object.entries(properties).map(([name, each]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: each,
    ...(typeof each['description'] === 'string' ? { description: each['description'] } : {}),
    ...(examples?.[name] === undefined ? {} : { example: examples[name] }),
  }));
}

function successOf(route: Route): Operation['responses'] {
  const { answer, plain, status = 200 } = route;
  if (answer === undefined) return { [status]: { description: 'Done', content: { [plain ?? 'text/plain']: {} } } };
  const schema = {
    type: 'object',
    required: ['data', 'error', 'meta'],
    additionalProperties: false,
    properties: {
      data: schemaOf(answer, 'output'),
      error: { type: 'null' },
      meta: {
        type: 'object',
        required: ['request_id'],
        additionalProperties: false,
        properties: { request_id: { type: 'string' }, next_cursor: { type: 'string' } },
      },
    },
  };
  const content = { 'application/json': { schema } };
  const created = route.mutates === 'required' ? { 201: { description: 'Accepted', content } } : {};
  return { [status]: { description: 'Done', content }, ...created };
}

function failuresOf(route: Route): Operation['responses'] {
  const byStatus = new Map<number, ErrorCode[]>();
  const form = route.refusal;
  for (const code of errorsOf(route)) {
    const status = form?.statusOf(ERROR_CODES[code].status) ?? ERROR_CODES[code].status;
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const schema = form?.schema ?? { $ref: '#/components/schemas/Error' };
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      { description: codes.join(', '), content: { 'application/json': { schema } }, 'x-error-codes': codes },
    ]),
  );
}

/** The envelope of a refusal; every code is listed with its status and meaning. */
function errorSchema(): Schema {
  const codes = Object.entries(ERROR_CODES);
  const code = {
    type: 'string',
    enum: codes.map(([name]) => name),
    description: codes.map(([name, { status, means }]) => `${name} (${status}): ${means}`).join(' '),
  };
  return {
    type: 'object',
    required: ['data', 'error', 'meta'],
    additionalProperties: false,
    properties: {
      data: { type: 'null' },
      error: {
        type: 'object',
        required: ['code', 'message'],
        additionalProperties: false,
        properties: { code, message: { type: 'string' }, details: { type: 'object' } },
      },
      meta: { type: 'object', required: ['request_id'], additionalProperties: false, properties: { request_id: { type: 'string' } } },
    },
  };
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Schema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', io });
  return rest;
}
