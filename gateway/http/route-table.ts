// Finds the route of a path and method. HEAD is answered as GET is; OPTIONS and methods a path does not offer are told what it does.
import type { HttpRequest } from './adapter/http-adapter.ts';
import { HttpError, refusal } from './http-error.ts';
import type { Route } from './route.ts';

/** A route and the parts of the path it names, percent-decoded. */
export interface Match {
  readonly route: Route;
  readonly parameters: Readonly<Record<string, string>>;
}

const NO_CONTENT = 204;

export class RouteTable {
  private readonly routes: readonly { readonly route: Route; readonly parts: readonly string[] }[];

  constructor(routes: readonly Route[]) {
    this.routes = routes.map((route) => ({ route, parts: route.path.split('/') }));
  }

  /** The route of a request. Refuses with 404 or 405; OPTIONS ends with 204 and Allow. */
  find(request: HttpRequest): Match {
    const parts = request.path.split('/');
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const offered = new Set<string>();
    for (const { route, parts: pattern } of this.routes) {
      if (!fits(pattern, parts)) continue;
      if (route.method === method) return { route, parameters: parametersOf(pattern, parts) };
      offered.add(route.method);
    }
    if (offered.size === 0) throw refusal('TZ-NO-ROUTE', 'there is nothing at this path');
    const allow = [...offered, ...(offered.has('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
    if (method === 'OPTIONS') throw new HttpError(NO_CONTENT, '', '', undefined, { allow });
    throw refusal('TZ-METHOD', `${request.method} is not offered here`, { headers: { allow } });
  }
}

function fits(pattern: readonly string[], parts: readonly string[]): boolean {
  return pattern.length === parts.length && pattern.every((expected, index) => expected.startsWith(':') || expected === parts[index]);
}

function parametersOf(pattern: readonly string[], parts: readonly string[]): Record<string, string> {
  const parameters: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) if (expected.startsWith(':')) parameters[expected.slice(1)] = decoded(parts[index] ?? '');
  return parameters;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw refusal('TZ-PATH', 'the path is not valid percent-encoding');
  }
}
