// Draws latency distributions as one SVG: percentiles on a scale of nines, microseconds on a logarithmic scale. No dependency, no script,
// readable on white and on dark paper because it brings its own background.
import type { Series } from './bench.ts';

const WIDTH = 860;
const HEIGHT = 480;
const LEFT = 78;
const RIGHT = 24;
const TOP = 56;
const BOTTOM = 64;
const COLOURS = ['#1b6ca8', '#c1440e', '#2e7d32', '#7b3fa0', '#b8860b', '#00838f', '#ad1457', '#455a64'];
const GRID_PERCENTILES = [0, 50, 90, 99, 99.9, 99.99, 99.999];

/** The SVG text of a plot; an empty string when no series has a point. */
export function plotLatencies(title: string, subtitle: string, series: readonly Series[]): string {
  const points = series.flatMap((one) => one.latency.curve.map(([, us]) => us)).filter((us) => us > 0);
  if (points.length === 0) return '';
  const low = 10 ** Math.floor(Math.log10(Math.min(...points)));
  const high = 10 ** Math.ceil(Math.log10(Math.max(...points) * 1.001));
  const y = (us: number): number => TOP + (1 - Math.log10(Math.max(us, low) / low) / Math.log10(high / low)) * (HEIGHT - TOP - BOTTOM);
  const x = (percentile: number): number => LEFT + (-Math.log10(1 - Math.min(percentile, 99.999) / 100) / 5) * (WIDTH - LEFT - RIGHT);
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    text(LEFT, 22, title, 'font-size="16" font-weight="bold"'),
    text(LEFT, 40, subtitle, 'fill="#555555"'),
    ...grid(low, high, x, y),
    ...series.flatMap((one, index) => curve(one, COLOURS[index % COLOURS.length] ?? '#000000', index, x, y)),
    text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 14, 'percentile', 'text-anchor="middle"'),
    '</svg>',
  ];
  return `${parts.join('\n')}\n`;
}

function grid(low: number, high: number, x: (percentile: number) => number, y: (us: number) => number): string[] {
  const lines: string[] = [];
  for (const percentile of GRID_PERCENTILES) {
    lines.push(line(x(percentile), TOP, x(percentile), HEIGHT - BOTTOM, '#e0e0e0'));
    lines.push(text(x(percentile), HEIGHT - BOTTOM + 18, `${percentile}`, 'text-anchor="middle"'));
  }
  for (let decade = low; decade <= high * 1.0001; decade *= 10) {
    lines.push(line(LEFT, y(decade), WIDTH - RIGHT, y(decade), '#bdbdbd'));
    lines.push(text(LEFT - 8, y(decade) + 4, decade >= 1000 ? `${decade / 1000} ms` : `${Number(decade.toPrecision(1))} µs`, 'text-anchor="end"'));
    for (let step = 2; step < 10 && decade * step < high; step++)
      lines.push(line(LEFT, y(decade * step), WIDTH - RIGHT, y(decade * step), '#f0f0f0'));
  }
  return lines;
}

function curve(one: Series, colour: string, index: number, x: (percentile: number) => number, y: (us: number) => number): string[] {
  const path = one.latency.curve.map(([percentile, us]) => `${x(percentile).toFixed(1)},${y(us).toFixed(1)}`).join(' ');
  const legendY = TOP + 16 + index * 17;
  return [
    `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${path}"/>`,
    line(LEFT + 12, legendY - 4, LEFT + 34, legendY - 4, colour),
    text(LEFT + 40, legendY, `${one.label} (p50 ${one.latency.p50.toFixed(0)} µs, p99 ${one.latency.p99.toFixed(0)} µs)`, `fill="${colour}"`),
  ];
}

function line(x1: number, y1: number, x2: number, y2: number, colour: string): string {
  return `<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}" stroke="${colour}"/>`;
}

function text(x: number, y: number, words: string, attributes: string): string {
  const escaped = words.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${attributes}>${escaped}</text>`;
}
