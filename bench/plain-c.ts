// The limit of the revaluation kernel: the same sums as a plain C loop, compiled with cc -O3 in this very run and handed the same bytes. Where there is no
// compiler it says so and the bench goes on.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SOURCE = `
#include <stdio.h>
#include <stdlib.h>
#include <stdint.h>
#include <time.h>
struct position { double units; uint32_t row; uint32_t spare; };
static double now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec + t.tv_nsec / 1e9; }
int main(int argc, char **argv) {
  FILE *f = fopen(argv[1], "rb");
  size_t bytes = strtoull(argv[2], 0, 10), positions = strtoull(argv[3], 0, 10), ends = strtoull(argv[4], 0, 10);
  size_t groups = strtoull(argv[5], 0, 10), results = strtoull(argv[6], 0, 10);
  int turns = atoi(argv[7]);
  char *memory = aligned_alloc(64, (bytes + 63) / 64 * 64);
  if (!f || fread(memory, 1, bytes, f) != bytes) return 1;
  const uint32_t *end = (const uint32_t *)(memory + ends);
  double *out = (double *)(memory + results);
  for (int turn = 0; turn < turns; turn++) {
    double start = now();
    size_t at = positions;
    for (size_t g = 0; g < groups; g++) {
      double sums[16] = {0}, value = 0, exposure = 0;
      for (; at < end[g]; at += sizeof(struct position)) {
        const struct position *p = (const struct position *)(memory + at);
        const double *row = (const double *)(memory + p->row);
        for (int s = 0; s < 16; s++) sums[s] += p->units * row[s];
        value += p->units * row[16];
        double lng = p->units * row[17], sht = -p->units * row[18];
        exposure += lng > sht ? lng : sht;
      }
      for (int s = 0; s < 16; s++) out[g * 18 + s] = sums[s];
      out[g * 18 + 16] = value; out[g * 18 + 17] = exposure;
    }
    printf("%.9f\\n", now() - start);
  }
  double sum = 0;
  for (size_t i = 0; i < groups * 18; i++) sum += out[i];
  printf("%.0f\\n", sum);
  return 0;
}
`;

/** The memory of a revaluation and where its parts lie, bytes. */
export interface ScanMemory {
  readonly bytes: Uint8Array;
  readonly positions: number;
  readonly ends: number;
  readonly groups: number;
  readonly results: number;
}

/** Median seconds of a turn and the sum of all results; or why there is none. */
export type PlainC = { readonly seconds: number; readonly sum: number } | { readonly absent: string };

/** Compiles and runs the loop over the memory. */
export function runPlainC(memory: ScanMemory, turns: number): PlainC {
  const folder = mkdtempSync(join(tmpdir(), 'tarazu-plain-c-'));
  try {
    const source = join(folder, 'scan.c');
    const program = join(folder, 'scan');
    writeFileSync(source, SOURCE);
    const compiled = spawnSync('cc', ['-O3', '-o', program, source], { encoding: 'utf8' });
    if (compiled.status !== 0) return { absent: `no C compiler: ${(compiled.stderr || String(compiled.error)).trim().split('\n')[0]}` };
    const data = join(folder, 'memory');
    writeFileSync(data, memory.bytes);
    const { positions, ends, groups, results } = memory;
    const ran = spawnSync(program, [data, ...[memory.bytes.length, positions, ends, groups, results, turns].map(String)], { encoding: 'utf8' });
    const lines = ran.stdout.trim().split('\n').map(Number);
    if (ran.status !== 0 || lines.length !== turns + 1) return { absent: `the C loop ended with ${ran.status}` };
    const seconds = lines.slice(0, turns).sort((a, b) => a - b)[Math.floor(turns / 2)] ?? 0;
    return { seconds, sum: lines[turns] ?? 0 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
