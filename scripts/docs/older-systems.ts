// Writes the tables of columns in docs/guides/from-older-systems.md: npm run older-systems
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT, velo } from '../bench/bench.ts';
import { olderTables } from './older-systems/older-tables.ts';
import { withTables } from './older-systems/render-tables.ts';

const GUIDE = join(ROOT, 'docs/guides/from-older-systems.md');

const folder = mkdtempSync(join(tmpdir(), 'velo-older-systems-'));
try {
  await velo('parse', '--target-path', folder);
  const manifest: unknown = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
  writeFileSync(GUIDE, withTables(readFileSync(GUIDE, 'utf8'), olderTables(manifest)));
  process.stdout.write('docs/guides/from-older-systems.md\n');
} finally {
  rmSync(folder, { recursive: true, force: true });
}
