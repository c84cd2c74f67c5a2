import type { Flags } from '../config/flags.ts';
import { ConfigError } from '../core/errors.ts';
import type { Emit } from '../core/events.ts';
import type { Manifest } from '../core/node.ts';
import type { Span } from '../core/span.ts';

/** Tells of something that may be a mistake, where it stands if that is known. */
export type Warn = (message: string, span?: Span) => void;

/** Warnings as events, each once, or as errors where the flags say so. */
export function warner(emit: Emit, { warnError }: Flags): Warn {
  const told = new Set<string>();
  return (message, span) => {
    if (warnError) {
      const hint = 'it is a warning: --warn-error makes warnings errors';
      throw new ConfigError('warn-error', message, { span, hint });
    }
    if (told.has(message)) return;
    told.add(message);
    emit({ type: 'warning', message });
  };
}

/** Tests that would warn fail. */
export function refusingWarnings(manifest: Manifest): Manifest {
  const nodes = [...manifest.nodes.values()].map((node) =>
    node.check
      ? { ...node, check: { ...node.check, severity: 'error' as const, refusesWarnings: true } }
      : node,
  );
  return { ...manifest, nodes: new Map(nodes.map((node) => [node.id, node])) };
}
