// Compares velo with dbt on the reference project and prints the differences.
//   node scripts/run-ts.mjs spec/dbt/compare.ts [part…] [--section nodes] [--field config] [--id text] [--all] [--manifest file]
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { compareManifests } from './compare-manifest.ts';
import { comparePart, PARTS } from './compare-shop.ts';
import type { Comparison } from './comparison.ts';
import { hasRecords, readManifest } from './records.ts';
import { reportText } from './report.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    section: { type: 'string' },
    field: { type: 'string' },
    id: { type: 'string' },
    all: { type: 'boolean', default: false },
    manifest: { type: 'string' },
  },
});

if (!hasRecords) throw new Error('dbt’s records are not there');
const options = values.all ? { examples: 1e6, width: 1e6 } : { examples: 3, width: 300 };
const unknown = positionals.filter((name) => !(name in PARTS));
if (unknown.length > 0) throw new Error(`parts are ${Object.keys(PARTS).join(', ')}`);
const parts = positionals.length > 0 ? positionals : Object.keys(PARTS);
for (const part of values.manifest ? ['manifest'] : parts) {
  process.stdout.write(`\n## ${part}\n`);
  try {
    process.stdout.write(reportText(narrowed(await compare(part)), options));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    process.stdout.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}

/** A manifest given by its file is compared as it is. */
async function compare(part: string): Promise<Comparison> {
  if (values.manifest === undefined) return await comparePart(part);
  return compareManifests(
    readManifest('013-parse'),
    JSON.parse(readFileSync(values.manifest, 'utf8')),
  );
}

function narrowed({ counts, differences }: Comparison): Comparison {
  const { section, field, id } = values;
  const isAsked = (of: { readonly section: string }, path: string) =>
    (section ?? of.section) === of.section &&
    (field === undefined || path === field || path.startsWith(`${field}.`));
  return {
    counts: counts.filter((count) => isAsked(count, count.field)),
    differences: differences.filter(
      (difference) => isAsked(difference, difference.path) && difference.id.includes(id ?? ''),
    ),
  };
}
