import { existsSync } from 'node:fs';
import { UK, UK_FOLDER } from '../shared/racing-warehouse.ts';
import { agreesWithReference } from './agrees-with-reference.ts';
import { loadStagedRuns } from './load.ts';

agreesWithReference({
  name: 'uk',
  vars: UK,
  skipReason: existsSync(UK_FOLDER) ? null : '../shared/data/uk is not on this machine',
  loadRuns: (databasePath) => loadStagedRuns(databasePath, 'stg_uk_runs'),
});
