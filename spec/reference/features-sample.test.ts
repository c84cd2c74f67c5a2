import { repositoryRoot } from '../shared/build-warehouse.ts';
import { SAMPLE } from '../shared/racing-warehouse.ts';
import { agreesWithReference } from './agrees-with-reference.ts';
import { loadSampleRuns } from './load.ts';

agreesWithReference({
  name: 'sample',
  vars: SAMPLE,
  skipReason: null,
  loadRuns: () => loadSampleRuns(repositoryRoot),
});
