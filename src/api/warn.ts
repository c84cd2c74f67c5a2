import type { Flags } from '../config/flags.ts';
import { fateOf } from '../config/warn-error-options.ts';
import { ConfigError } from '../core/errors.ts';
import type { Emit } from '../core/events.ts';
import type { Manifest } from '../core/node.ts';
import type { Span } from '../core/span.ts';

/** Tells of something that may be a mistake, where it stands if that is known; `name`: dbt's of the event. */
export type Warn = (message: string, span?: Span, name?: string) => void;

/** Warnings as events, each once, or as errors where the flags say so. */
export function warner(emit: Emit, { warnError, warnErrorOptions }: Flags): Warn {
  const told = new Set<string>();
  const options = warnError ? { ...warnErrorOptions, error: 'all' as const } : warnErrorOptions;
  return (message, span, name) => {
    const fate = fateOf(name, options);
    if (fate === 'silence') return;
    if (fate === 'error') {
      const flag = warnError ? '--warn-error makes' : '--warn-error-options make';
      const hint = `it is a warning: ${flag} warnings errors`;
      throw new ConfigError('warn-error', message, { span, hint });
    }
    if (told.has(message)) return;
    told.add(message);
    emit({ type: 'warning', message, span, ...(name === undefined ? {} : { name }) });
  };
}

/** Tests that would warn fail; those of severity info do neither. */
export function refusingWarnings(manifest: Manifest): Manifest {
  const nodes = [...manifest.nodes.values()].map((node) =>
    node.check && node.check.severity !== 'info'
      ? { ...node, check: { ...node.check, severity: 'error' as const, refusesWarnings: true } }
      : node,
  );
  return { ...manifest, nodes: new Map(nodes.map((node) => [node.id, node])) };
}
