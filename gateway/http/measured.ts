// Times every HTTP request by route and status and continues its trace, around whatever handles it. The label is the route's pattern, never the path: a
// path has one series per account.
import { Histogram, type Registry } from 'prom-client';
import { runInTrace, type TracedRequest } from '../trace/current-trace.ts';
import type { SpanExporter } from '../trace/span-exporter.ts';
import { childOf, formatTraceParent, parseTraceParent } from '../trace/trace-parent.ts';
import type { HttpHandler, HttpRequest, HttpResponse } from './adapter/http-adapter.ts';

const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];
const METHODS: readonly string[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];
const SERVER_ERROR = 500;

/** A route as far as a label goes. */
export interface LabelledRoute {
  /** Literal parts and `:name` parts. */
  readonly path: string;
}

interface Measurement {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  /** Milliseconds of performance.now(). */
  readonly began: number;
  readonly seconds: number;
}

/** `handler`, its requests timed into a histogram of `registry` and made spans of their traces. */
export function measured(handler: HttpHandler, routes: readonly LabelledRoute[], registry: Registry, spans: SpanExporter): HttpHandler {
  const histogram = new Histogram({
    name: 'tarazu_http_request_duration_seconds',
    help: 'API requests by route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: BUCKETS,
    registers: [registry],
  });
  const patterns = routes.map(({ path }) => ({ path, parts: path.split('/') }));
  return async (request) => {
    const parent = parseTraceParent(request.header('traceparent') ?? '');
    const traced = { trace: childOf(parent), parentId: parent?.spanId ?? '' };
    const began = performance.now();
    const response = await runInTrace(traced, () => handler(request));
    const seconds = (performance.now() - began) / 1_000;
    const method = METHODS.includes(request.method) ? request.method : 'other';
    const { status } = response;
    const route = patternOf(patterns, request.path);
    histogram.observe({ method, route, status: String(status) }, seconds);
    if (spans.isOn) addSpan(spans, traced, { method, route, status, began, seconds });
    return parent === undefined ? response : withTrace(response, formatTraceParent(traced.trace));
  };
}

function addSpan(spans: SpanExporter, traced: TracedRequest, { method, route, status, began, seconds }: Measurement): void {
  const start = (performance.timeOrigin + began) * 1_000;
  spans.add({
    ...traced,
    name: `${method} ${route}`,
    kind: 'server',
    start,
    end: start + seconds * 1e6,
    attributes: { 'http.request.method': method, 'http.route': route, 'http.response.status_code': status },
    isError: status >= SERVER_ERROR,
  });
}

function withTrace(response: HttpResponse, traceparent: string): HttpResponse {
  return { ...response, headers: { ...response.headers, traceparent } };
}

/** The pattern a path belongs to; 'none' for a path of no route, so that a scan makes one series. */
function patternOf(patterns: readonly { readonly path: string; readonly parts: readonly string[] }[], path: HttpRequest['path']): string {
  const parts = path.split('/');
  const fits = (pattern: readonly string[]): boolean =>
    pattern.length === parts.length && pattern.every((expected, index) => expected.startsWith(':') || expected === parts[index]);
  const literal = patterns.find((pattern) => pattern.path === path);
  return (literal ?? patterns.find((pattern) => fits(pattern.parts)))?.path ?? 'none';
}
