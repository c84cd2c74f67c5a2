import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { globalMacros, indexMacros } from '../../../src/project/global-macros.ts';

const FOLDER = join(import.meta.dirname, '../../../global_macros');

describe('the index of the global macros', () => {
  it('is what `npm run macros` writes', () => {
    const index = JSON.parse(readFileSync(join(FOLDER, 'index.json'), 'utf8'));
    expect(index).toEqual(indexMacros());
  });

  it('may be absent: the files are read instead', () => {
    const folder = mkdtempSync(join(tmpdir(), 'velo-macros-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    cpSync(FOLDER, folder, { recursive: true });
    rmSync(join(folder, 'index.json'));
    const [indexed, scanned] = [globalMacros('duckdb'), globalMacros('duckdb', folder)];
    expect([...scanned.keys()]).toEqual(['dbt_duckdb', 'dbt']);
    for (const [name, table] of indexed) {
      expect(new Set(scanned.get(name)?.keys())).toEqual(new Set(table.keys()));
      for (const macro of table.keys()) {
        const found = table.get(macro);
        expect(found?.text).toBe(scanned.get(name)?.get(macro)?.text);
        expect(found?.span.file).toMatch(new RegExp(`^global_macros/${name}/.*\\.sql$`));
      }
    }
  });
});
