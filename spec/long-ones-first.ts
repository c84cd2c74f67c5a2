import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Folders whose files build warehouses or start processes for minutes; then the rest of spec/; then what takes no time. */
const ORDER = [
  /\/spec\/(?:reference|as-of|racing|sources|e2e\/(?:crash|leakage))\//,
  /\/spec\/(?:e2e|dbt|docs|templates|conformance)\//,
];

/** Vitest's order, but a file that takes long never begins last, when the other workers have nothing left to do. A class, as vitest asks for one. */
export class LongOnesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => rankOf(one) - rankOf(other));
  }
}

function rankOf({ moduleId }: TestSpecification): number {
  const rank = ORDER.findIndex((folders) => folders.test(moduleId));
  return rank === -1 ? ORDER.length : rank;
}
