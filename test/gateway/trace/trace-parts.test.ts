// Trace context read strictly, spans as a collector takes them, and links that forget the oldest.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { newLogger } from '../../../gateway/log.ts';
import type { Span } from '../../../gateway/trace/span.ts';
import { SpanExporter } from '../../../gateway/trace/span-exporter.ts';
import { traceConfig } from '../../../gateway/trace/trace-config.ts';
import { childOf, formatTraceParent, parseTraceParent } from '../../../gateway/trace/trace-parent.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

describe('traceparent', () => {
  it.each([
    ['the example of the recommendation', `00-${TRACE}-${SPAN}-01`, true],
    ['not sampled', `00-${TRACE}-${SPAN}-00`, false],
    ['other flags beside sampled', `00-${TRACE}-${SPAN}-ff`, true],
    ['a later version with more behind', `cc-${TRACE}-${SPAN}-01-what-the-future-will-be-like`, true],
  ])('takes %s', (_, text, isSampled) => expect(parseTraceParent(text)).toEqual({ traceId: TRACE, spanId: SPAN, isSampled }));

  it.each([
    ['nothing', ''],
    ['capitals', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
    ['a trace of zeros', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['a span of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['the forbidden version', `ff-${TRACE}-${SPAN}-01`],
    ['version 00 with more behind', `00-${TRACE}-${SPAN}-01-x`],
    ['a short trace', `00-${TRACE.slice(1)}-${SPAN}-01`],
    ['a space around', ` 00-${TRACE}-${SPAN}-01`],
  ])('refuses %s', (_, text) => expect(parseTraceParent(text)).toBeUndefined());

  it('is continued under a span of our own', () => {
    const parent = parseTraceParent(`00-${TRACE}-${SPAN}-01`);
    const child = childOf(parent);
    expect(child).toMatchObject({ traceId: TRACE, isSampled: true });
    expect(child.spanId).not.toBe(SPAN);
    expect(parseTraceParent(formatTraceParent(child))).toEqual(child);
    expect(childOf(undefined).traceId).not.toBe(childOf(undefined).traceId);
  });
});

const span = (name: string): Span => ({
  trace: { traceId: TRACE, spanId: SPAN, isSampled: true },
  parentId: 'b7ad6b7169203331',
  name,
  kind: 'server',
  start: 1_795_230_000_000_000,
  end: 1_795_230_000_000_250,
  attributes: { 'http.route': '/v1/status', status: 200, ok: true },
  isError: false,
});

describe('spans', () => {
  it('reach a collector as OTLP over HTTP, in batches', async () => {
    const bodies: { resourceSpans: { scopeSpans: { spans: Record<string, unknown>[] }[] }[] }[] = [];
    const collector = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      request.on('end', () => {
        bodies.push(JSON.parse(text));
        response.writeHead(200).end();
      });
    });
    await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', () => resolve()));
    const exporter = new SpanExporter(
      { otlpUrl: `http://127.0.0.1:${(collector.address() as AddressInfo).port}/v1/traces` },
      newLogger('silent'),
      60_000,
    );
    exporter.add(span('one'));
    exporter.add(span('two'));
    await exporter.close();
    await new Promise<void>((resolve) => collector.close(() => resolve()));
    const spans = bodies[0]?.resourceSpans[0]?.scopeSpans[0]?.spans ?? [];
    expect(spans.map(({ name }) => name)).toEqual(['one', 'two']);
    expect(spans[0]).toMatchObject({
      traceId: TRACE,
      spanId: SPAN,
      parentSpanId: 'b7ad6b7169203331',
      kind: 2,
      startTimeUnixNano: '1795230000000000000',
      endTimeUnixNano: '1795230000000250000',
      attributes: [
        { key: 'http.route', value: { stringValue: '/v1/status' } },
        { key: 'status', value: { intValue: '200' } },
        { key: 'ok', value: { boolValue: true } },
      ],
    });
    expect(exporter).toMatchObject({ exported: 2, dropped: 0 });
  });

  it('are lines in a file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tarazu-spans-'));
    const exporter = new SpanExporter({ file: join(folder, 'spans.jsonl') }, newLogger('silent'), 60_000);
    exporter.add(span('one'));
    await exporter.close();
    expect(JSON.parse(readFileSync(join(folder, 'spans.jsonl'), 'utf8'))).toMatchObject({ name: 'one', trace: { traceId: TRACE } });
    rmSync(folder, { recursive: true, force: true });
  });

  it('are dropped and counted when nobody takes them, and never wait for it', async () => {
    const exporter = new SpanExporter({ otlpUrl: 'http://127.0.0.1:1/v1/traces' }, newLogger('silent'), 60_000);
    for (let i = 0; i < 5_000; i++) exporter.add(span('x'));
    expect(exporter.dropped).toBe(5_000 - 4_096);
    await exporter.export();
    expect(exporter).toMatchObject({ exported: 0, dropped: 5_000 - 4_096 + 512 });
    await exporter.close();
  });

  it('go nowhere by default', async () => {
    const exporter = new SpanExporter(traceConfig.parse({}), newLogger('silent'));
    exporter.add(span('x'));
    await exporter.close();
    expect(exporter).toMatchObject({ isOn: false, exported: 0, dropped: 0 });
  });

  it('leave the machine only when told to', () => {
    expect(traceConfig.safeParse({ otlpUrl: 'https://collector.example/v1/traces' }).success).toBe(false);
    expect(traceConfig.safeParse({ otlpUrl: 'https://collector.example/v1/traces', allowRemote: true }).success).toBe(true);
  });
});
