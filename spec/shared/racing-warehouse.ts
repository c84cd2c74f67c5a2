import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { SMALL } from '../../scripts/simulate/sample.ts';
import { simulate } from '../../scripts/simulate/simulate.ts';
import { csvPaths, writeCsv } from '../../scripts/simulate/write-csv.ts';
import { buildWarehouse, repositoryRoot } from './build-warehouse.ts';
import { madeOnce } from './made-once.ts';

/** Of the project: what it is built from. */
export type Vars = Readonly<Record<string, unknown>>;

export const HK_FOLDER = resolve(repositoryRoot, '../shared/data/hk');
export const UK_FOLDER = resolve(repositoryRoot, '../shared/data/uk');

export const SAMPLE: Vars = {};
export const HK: Vars = { source: 'hk', data_path: HK_FOLDER };
/** Its rows begin with August 2025: before that the source has no whole fields. */
export const UK: Vars = { source: 'uk', data_path: UK_FOLDER, begin: '2025-08-01' };

/** The racing project as it was built; all files are to be read only. */
export interface RacingWarehouse {
  readonly targetPath: string;
  readonly database: string;
  /** Nodes that neither succeeded nor passed, `node: message`: warnings, for an error stops the build. */
  readonly warned: readonly string[];
}

/** After the newest of all races there are files of. */
const AS_OF = '2025-12-31';

/**
 * The racing project built with the built CLI up to the card of the last day, all but its trained models: once for the
 * same vars in a test run. @throws with the whole output when a node or a test of the project failed
 */
export async function racingWarehouse(vars: Vars): Promise<RacingWarehouse> {
  const hash = createHash('sha256').update(JSON.stringify(vars)).digest('hex');
  const targetPath = await madeOnce(`warehouse-${hash.slice(0, 12)}`, async (targetDir) => {
    await buildWarehouse({ projectDir: repositoryRoot, targetDir, vars, asOf: AS_OF });
  });
  const { results } = JSON.parse(
    await readFile(join(targetPath, 'run_results.json'), 'utf8'),
  ) as RunResults;
  return {
    targetPath,
    database: join(targetPath, 'velo.duckdb'),
    warned: results
      .filter(({ status }) => !['success', 'pass', 'no-op'].includes(status))
      .map(({ unique_id, message }) => `${unique_id}: ${message}`),
  };
}

interface RunResults {
  readonly results: readonly {
    readonly unique_id: string;
    readonly status: string;
    readonly message: string | null;
  }[];
}

/** Simulated racing in the layouts of others, by source system. */
export const FIXTURES = join(repositoryRoot, 'fixtures');

/** Vars for the fixture of a layout. */
export const fixtureOf = (layout: string): Vars => ({
  source: layout,
  data_path: join(FIXTURES, layout),
  begin: '2025-01-01',
});

/** Vars for the simulated racing that the fixtures have too, in files of the project's own layout. */
export async function simulatedFiles(): Promise<Vars> {
  const folder = await madeOnce('simulated-files', async (made) => {
    await writeCsv(simulate(SMALL), csvPaths(made));
  });
  return { source: 'files', data_path: folder, data_format: 'csv', begin: '2025-01-01' };
}
