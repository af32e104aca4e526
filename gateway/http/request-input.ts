// Path, query and body of a request by the schemas of its route: typed when it passes, a located refusal when it does not.
import { z } from 'zod';
import type { HttpRequest } from './adapter/http-adapter.ts';
import type { ErrorCode } from './error-code.ts';
import { refusal } from './http-error.ts';
import type { Route } from './route.ts';
import { JsonFault, parseStrictJson } from './strict-json.ts';

/** Parts of the path. */
export function paramsOf(route: Route, parameters: Readonly<Record<string, string>>): unknown {
  return route.params === undefined ? {} : checked(route.params, parameters, 'TZ-PATH');
}

/** The query; a repeated parameter is refused, and so is one where the route takes none. */
export function queryOf(route: Route, query: URLSearchParams): unknown {
  const values: Record<string, string> = {};
  for (const [name, value] of query) {
    if (Object.hasOwn(values, name)) throw refusal('TZ-QUERY', `${name} stands twice in the query`);
    Object.defineProperty(values, name, { value, enumerable: true });
  }
  return checked(route.query ?? z.strictObject({}), values, 'TZ-QUERY');
}

/** The body: JSON, or CSV text where the route takes it. */
export function bodyOf(route: Route, request: HttpRequest): unknown {
  if (route.body === undefined) return undefined;
  const type = (request.header('content-type') ?? 'application/json').split(';')[0]?.trim().toLowerCase() ?? '';
  if (type === 'text/csv' && route.takesCsv === true) return checked(route.body, { csv: textOf(request.body) }, 'TZ-INVALID');
  if (type !== 'application/json')
    throw refusal('TZ-CONTENT-TYPE', `this route takes application/json${route.takesCsv === true ? ' or text/csv' : ''}, not ${type.slice(0, 60)}`);
  let value: unknown;
  try {
    value = parseStrictJson(request.body);
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error;
    throw refusal('TZ-JSON', `the body is not JSON: ${error.message}`);
  }
  return checked(route.body, value, 'TZ-INVALID');
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw refusal('TZ-INVALID', 'the text is not UTF-8');
  }
}

function checked(schema: z.ZodType, value: unknown, code: ErrorCode): unknown {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issues = result.error.issues.map((issue) => ({ field: z.core.toDotPath(issue.path), message: issue.message }));
  const message = issues.map((issue) => (issue.field === '' ? issue.message : `${issue.field}: ${issue.message}`)).join('; ');
  throw refusal(code, message.slice(0, 2_000), { details: { issues: issues.slice(0, 100) } });
}
