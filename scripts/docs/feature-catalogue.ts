// Writes docs/feature-catalogue.md: npm run catalogue
// Hong Kong's numbers are measured where ../shared/data/hk is, and kept beside the page for where it is not.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT, velo } from '../bench/bench.ts';
import { renderCatalogue } from './catalogue/render-catalogue.ts';
import { measureSignal, signal } from './catalogue/signal.ts';
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

async function writeSignal(target: string): Promise<void> {
  await velo(
    'build',
    '--exclude',
    'kind:train+',
    '--target-path',
    target,
    '--as-of',
    AS_OF,
    '--vars',
    hkVars(),
  );
  const measured = await withWarehouse(target, measureSignal);
  writeFileSync(SIGNAL, `${JSON.stringify(measured, null, 1)}\n`);
  process.stdout.write('docs/feature-catalogue.hk.json\n');
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

function hkVars(): string {
  return JSON.stringify({ source: 'hk', data_path: HK });
}
