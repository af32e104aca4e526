// Order of the test files: those known to take long begin first, so that the run does not end with one of them alone on an otherwise idle machine.
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Beginnings of paths below test/, longest first. */
const LONG: readonly string[] = [
  'crash/',
  'bench/',
  'gateway/console/',
  'batch/console/',
  'batch/demo/',
  'batch/end-of-day/',
  'batch/begin-of-day/',
  'faults/',
  'gateway/demo/',
  'gateway/risk/',
  'gateway/adapter/',
];

const rank = ({ moduleId }: TestSpecification): number => {
  const at = LONG.findIndex((path) => moduleId.includes(`/test/${path}`));
  return at < 0 ? LONG.length : at;
};

/** See the file's head. */
export class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return [...files].sort((a, b) => rank(a) - rank(b) || (a.moduleId < b.moduleId ? -1 : 1));
  }
}
