import { describe, expect, test } from 'vitest';
import { compareManifests } from './compare-manifest.ts';
import { comparePart, PARTS } from './compare-shop.ts';
import { type Comparison, covers } from './comparison.ts';
import { EXPECTED_DIFFERENCES } from './expected-differences.ts';
import { hasRecords, readManifest } from './records.ts';
import { reportText } from './report.ts';

const SHORT = { examples: 3, width: 300 };

describe.skipIf(!hasRecords)('dbt’s reference project (skipped without ../shared)', () => {
  test.each(Object.keys(PARTS))('%s is as dbt has it', async (part) => {
    const comparison = await comparePart(part);
    process.stdout.write(summary(part, comparison));
    const expected = EXPECTED_DIFFERENCES[part] ?? [];
    const { counts, differences } = comparison;
    const unexpected = differences.filter((one) => !expected.some((known) => covers(known, one)));
    const report = () => reportText({ counts, differences: unexpected }, SHORT);
    expect(unexpected.length, unexpected.length > 0 ? report() : '').toBe(0);
    const isGone = expected.filter((known) => !differences.some((one) => covers(known, one)));
    expect(isGone, 'expected differences that are no more').toEqual([]);
  });

  test('a difference anywhere in a manifest is found', () => {
    const changed = readManifest('013-parse');
    const nodes = changed['nodes'] as Record<string, { config: Record<string, unknown> }>;
    const [id = '', node] = Object.entries(nodes)[0] ?? [];
    if (node) node.config['lookback'] = 3;
    const { differences } = compareManifests(readManifest('013-parse'), changed);
    expect(differences).toEqual([
      { section: 'nodes', id, path: 'config.lookback', dbt: 1, velo: 3 },
    ]);
  });
});

function summary(part: string, { counts, differences }: Comparison): string {
  const total = counts
    .filter(({ field }) => field === '(entries)')
    .reduce((sum, count) => sum + count.total, 0);
  const unequal = new Set(differences.map(({ section, id }) => `${section} ${id}`)).size;
  const noun = part.startsWith('compiled') ? 'files' : 'entries';
  return `${part}: ${total - unequal} of ${total} ${noun} equal\n`;
}
