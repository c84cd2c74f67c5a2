import { isDeprecation } from '../../api/environment.ts';
import type { Emit } from '../../core/events.ts';
import { plural } from '../terminal/number.ts';

/** What passes warnings of deprecations on, and sums them up at the end. */
export interface Deprecations {
  readonly emit: Emit;
  /** Tells how often each was met; nothing when none was. */
  close(): void;
}

/** Passes everything on to `emit`, but of each kind of deprecation the first alone, unless `isAllShown`. */
export function tellDeprecations(emit: Emit, isAllShown: boolean): Deprecations {
  const counts = new Map<string, number>();
  return {
    emit(event) {
      if (event.type === 'warning' && event.name !== undefined && isDeprecation(event.name)) {
        const before = counts.get(event.name) ?? 0;
        counts.set(event.name, before + 1);
        if (before > 0 && !isAllShown) return;
      }
      emit(event);
    },
    close() {
      if (counts.size === 0) return;
      const message = summary(counts, isAllShown);
      counts.clear();
      emit({ type: 'warning', name: 'DeprecationsSummary', message });
    },
  };
}

function summary(counts: ReadonlyMap<string, number>, isAllShown: boolean): string {
  const lines = Array.from(counts, ([name, count]) => `- ${name}: ${plural(count, 'occurrence')}`);
  return [
    'Summary of encountered deprecations:',
    ...lines.sort(),
    ...(isAllShown ? [] : [HOW_TO_SEE_ALL]),
  ].join('\n');
}

const HOW_TO_SEE_ALL =
  'To see all deprecation instances instead of just the first occurrence of each, run command again with the `--show-all-deprecations` flag.';
