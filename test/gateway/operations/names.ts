// Reading a metrics page, and the names and labels a Prometheus query uses.

/** Metric name to its label names, of a page in Prometheus text. */
export function metricsOf(page: string): Map<string, Set<string>> {
  const metrics = new Map<string, Set<string>>();
  for (const line of page.split('\n')) {
    const type = /^# TYPE (\S+) (\S+)$/.exec(line);
    if (type !== null) {
      const suffixes = type[2] === 'histogram' || type[2] === 'summary' ? ['_sum', '_count', '_bucket'] : [''];
      for (const suffix of suffixes) metrics.set(`${type[1]}${suffix}`, new Set());
    }
    const sample = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? \S+$/.exec(line);
    if (sample === null) continue;
    const labels = metrics.get(sample[1] ?? '') ?? new Set<string>();
    for (const [, label] of (sample[2] ?? '').matchAll(/(\w+)="/g)) labels.add(label ?? '');
    metrics.set(sample[1] ?? '', labels);
  }
  return metrics;
}

/** Labels Prometheus adds to what it scrapes. */
export const SCRAPE_LABELS: ReadonlySet<string> = new Set(['job', 'instance']);

/** Metric names of a query, and every label it selects or groups by. */
export function usedIn(query: string): { readonly names: string[]; readonly labels: string[] } {
  const bare = query.replaceAll(/"[^"]*"/g, '""');
  const names = [...bare.matchAll(/\b(tarazu_\w+)/g)].map(([, name]) => name ?? '');
  const selected = [...bare.matchAll(/\{([^}]*)\}/g)].flatMap(([, inside]) =>
    [...(inside ?? '').matchAll(/(\w+)\s*(?:=|!=|=~|!~)/g)].map(([, label]) => label ?? ''),
  );
  const grouped = [...bare.matchAll(/\b(?:by|on)\s*\(([^)]*)\)/g)].flatMap(([, list]) => (list ?? '').split(',').map((label) => label.trim()));
  return { names, labels: [...selected, ...grouped].filter((label) => !SCRAPE_LABELS.has(label)) };
}
