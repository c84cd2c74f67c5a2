// Writes docs/feature-catalogue.md: npm run catalogue
// Hong Kong's numbers are measured where ../shared/data/hk is, and kept beside the page for where it is not.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT, velo } from '../bench/bench.ts';
import { renderCatalogue } from './catalogue/render-catalogue.ts';
import { shuffleResults } from './catalogue/shuffle-results.ts';
import { measureSignal, SEED, type Signal, signal, withShuffled } from './catalogue/signal.ts';
import { measureSample, withWarehouse } from './catalogue/warehouse.ts';

const PAGE = join(ROOT, 'docs/feature-catalogue.md');
const SIGNAL = join(ROOT, 'docs/feature-catalogue.hk.json');
/** The last day of the sample; Hong Kong's rows end before. */
const AS_OF = '2025-12-31';
const HK = join(ROOT, '..', 'shared', 'data', 'hk');

const folder = mkdtempSync(join(tmpdir(), 'velo-catalogue-'));
try {
  if (existsSync(HK)) await writeSignal(join(folder, 'hk'));
  else process.stdout.write(`${HK} is absent: the numbers in ${SIGNAL} stay\n`);
  await writePage(join(folder, 'sample'));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** As they are, and from results that were dealt out anew: there no feature can know who won. */
async function writeSignal(target: string): Promise<void> {
  const shuffled = join(folder, 'shuffled');
  await shuffleResults(join(ROOT, 'models/staging/hk/_hk.yml'), HK, shuffled, SEED);
  const measured = withShuffled(
    await measureHk(target, HK),
    await measureHk(`${target}-shuffled`, shuffled),
  );
  writeFileSync(SIGNAL, `${JSON.stringify(measured, null, 1)}\n`);
  process.stdout.write('docs/feature-catalogue.hk.json\n');
}

async function measureHk(target: string, data: string): Promise<Signal> {
  const vars = JSON.stringify({ source: 'hk', data_path: data });
  // Whether they tell the winner is what is measured here.
  const exclude = ['--exclude', 'resource_type:test', 'kind:train+'];
  await velo('build', '--target-path', target, '--as-of', AS_OF, '--vars', vars, ...exclude);
  return withWarehouse(target, measureSignal);
}

async function writePage(target: string): Promise<void> {
  await velo('build', '--exclude', 'kind:train+', '--target-path', target, '--as-of', AS_OF);
  const measured = signal.parse(JSON.parse(readFileSync(SIGNAL, 'utf8')));
  const page = await withWarehouse(target, async (connection, tables) =>
    renderCatalogue(tables, await measureSample(connection, tables), measured),
  );
  writeFileSync(PAGE, page);
  process.stdout.write('docs/feature-catalogue.md\n');
}
