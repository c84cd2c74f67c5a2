import { createRegistry } from '../../core/registry.ts';
import { debugReporter, phasesReporter } from './debug.ts';
import { jsonReporter } from './json.ts';
import { linesReporter } from './lines.ts';
import { liveReporter } from './live.ts';
import { quietReporter } from './quiet.ts';

/** Every way velo shows a run. */
export const reporters = createRegistry('reporter', [
  linesReporter,
  liveReporter,
  jsonReporter,
  quietReporter,
  debugReporter,
  phasesReporter,
]);
