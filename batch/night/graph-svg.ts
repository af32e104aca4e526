// The graph of a run as SVG: columns by depth, one box per instance coloured and lettered by its state, edges between them; the longest path still to
// be run is drawn thick. Plain text, no library; readable without colour.
import { graphPlaces } from './graph-places.ts';
import type { InstanceView } from './night-view.ts';

const BOX = { width: 210, height: 34, gapX: 50, gapY: 10 } as const;
const MARGIN = 20;
/** Letters of the second line that a box has room for. */
const LETTERS = 33;
const STYLE: Readonly<Record<string, readonly [fill: string, mark: string]>> = {
  done: ['#d7f0dd', '✓'],
  skipped: ['#e6e6e6', '–'],
  running: ['#d6e6fb', '▶'],
  waiting: ['#ffffff', ' '],
  retry: ['#fdeccd', '↻'],
  manual: ['#fbd9d3', '✋'],
  failed: ['#f7b9b0', '✗'],
  inDoubt: ['#e9d2f7', '?'],
  gate: ['#fbd9d3', '≠'],
};

interface Place {
  readonly view: InstanceView;
  readonly x: number;
  readonly y: number;
}

/** SVG text of some instances (of one run, usually). Edges to instances that are not among them are left out. */
export function graphSvg(views: readonly InstanceView[], title: string): string {
  const places = layOut(views);
  const critical = criticalPath(views);
  const all = [...places.values()];
  const width = Math.max(...all.map(({ x }) => x), 0) + BOX.width + MARGIN;
  const height = Math.max(...all.map(({ y }) => y), 0) + BOX.height + MARGIN;
  const edges = views.flatMap((view) =>
    view.waitsFor
      .map((from) => edge(places.get(from), places.get(view.key), critical.has(from) && critical.has(view.key)))
      .filter((path) => path !== ''),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="11" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...edges,
    ...all.map((place) => box(place, critical.has(place.view.key))),
    '</svg>',
    '',
  ].join('\n');
}

function layOut(views: readonly InstanceView[]): Map<string, Place> {
  const at = graphPlaces(views);
  return new Map(
    views.map((view) => {
      const [column, row] = at.get(view.key) ?? [0, 0];
      return [view.key, { view, x: MARGIN + column * (BOX.width + BOX.gapX), y: MARGIN + row * (BOX.height + BOX.gapY) }];
    }),
  );
}

/** Keys from the instance predicted to land last back along what it waits for longest; empty when all is done. */
function criticalPath(views: readonly InstanceView[]): Set<string> {
  const byKey = new Map(views.map((view) => [view.key, view]));
  const open = views.filter(({ status }) => status !== 'done' && status !== 'skipped');
  const path = new Set<string>();
  let at = latest(open);
  while (at !== undefined && !path.has(at.key)) {
    path.add(at.key);
    at = latest(at.waitsFor.map((key) => byKey.get(key)).filter((view) => view !== undefined));
  }
  return path;
}

function latest(views: readonly InstanceView[]): InstanceView | undefined {
  return views.reduce<InstanceView | undefined>((last, view) => (last === undefined || view.predictedAt > last.predictedAt ? view : last), undefined);
}

function edge(from: Place | undefined, to: Place | undefined, isCritical: boolean): string {
  if (from === undefined || to === undefined) return '';
  const [x1, y1, x2, y2] = [from.x + BOX.width, from.y + BOX.height / 2, to.x, to.y + BOX.height / 2];
  const middle = (x1 + x2) / 2;
  const stroke = isCritical ? 'stroke="#333" stroke-width="2"' : 'stroke="#aaa"';
  return `<path d="M${x1} ${y1} C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}" fill="none" ${stroke}/>`;
}

function box({ view, x, y }: Place, isCritical: boolean): string {
  const [fill, mark] = STYLE[view.status] ?? ['#ffffff', ' '];
  const late = view.risk === 'none' ? '' : view.risk === 'breached' ? ' LATE' : ' at risk';
  return [
    `<g><title>${escaped(`${view.key}: ${view.operation}. ${view.status}${late}. ${view.error || view.waitingFor.join(', ')}`)}</title>`,
    `<rect x="${x}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="4" fill="${fill}" stroke="#333" stroke-width="${isCritical ? 2 : 0.7}"/>`,
    `<text x="${x + 8}" y="${y + 14}" font-weight="600">${mark} ${escaped(view.key)}</text>`,
    `<text x="${x + 8}" y="${y + 28}" fill="#444">${escaped(shortened(view.operation, LETTERS - late.length))}${late}</text></g>`,
  ].join('');
}

const shortened = (text: string, letters: number): string => (text.length <= letters ? text : `${text.slice(0, letters - 1).trimEnd()}…`);
const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
