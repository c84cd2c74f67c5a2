import type { ManifestEntry } from './manifest-entries.ts';

/**
 * What whoever relies on a contract loses by its change, each as a sentence; none where there was no contract, or
 * columns were only added. Both entries are as JSON has them.
 */
export function contractBreaks(now: ManifestEntry, then: ManifestEntry): readonly string[] {
  if (!isEnforced(then)) return [];
  if (!isEnforced(now)) return ['it is not enforced any more'];
  const columns = columnTypes(now);
  const breaks: string[] = [];
  for (const [name, before] of Object.entries(columnTypes(then))) {
    const after = columns[name];
    if (after === undefined) breaks.push(`column ${name} is gone`);
    else if (after !== before)
      breaks.push(`column ${name} has another type (${before} -> ${after})`);
  }
  return breaks;
}

const isEnforced = ({ contract }: ManifestEntry): boolean =>
  (contract as { readonly enforced?: boolean } | undefined)?.enforced === true;

const columnTypes = ({ columns }: ManifestEntry): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(
      (columns ?? {}) as Readonly<Record<string, { readonly data_type?: string }>>,
    ).map(([name, column]) => [name, column.data_type ?? '']),
  );
