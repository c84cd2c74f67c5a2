import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { HK, HK_FOLDER } from '../shared/racing-warehouse.ts';
import { agreesWithReference } from './agrees-with-reference.ts';
import { loadHkRuns } from './load.ts';

agreesWithReference({
  name: 'hk',
  vars: HK,
  skipReason: existsSync(HK_FOLDER) ? null : '../shared/data/hk is not on this machine',
  loadRuns: () => loadHkRuns(join(HK_FOLDER, 'runs.parquet')),
});
