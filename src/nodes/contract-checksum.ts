import { hash } from 'node:crypto';
import type { ColumnInfo } from '../core/node.ts';
import { dataClassRepr, enumRepr, listRepr, pythonRepr } from './python-repr.ts';

type Constraint = Readonly<Record<string, unknown>>;

interface Contract {
  readonly materialized: string;
  readonly columns: readonly ColumnInfo[];
  /** Those of the model itself. */
  readonly constraints: readonly Constraint[];
}

/** Materializations whose constraints the database keeps. */
const ENFORCING: readonly string[] = ['table', 'incremental'];

/**
 * dbt's checksum of an enforced contract, so that `state:modified` agrees over manifests of both: names, types and
 * constraints of the columns in order of their names, and for stored models what they are and their own constraints.
 */
export function contractChecksum({ materialized, columns, constraints }: Contract): string {
  const sorted = [...columns].sort((a, b) => (a.name < b.name ? -1 : 1));
  const ofColumns = sorted.map(({ name, dataType, extra }) => {
    const own = (extra?.['constraints'] ?? []) as readonly Constraint[];
    return `|${name}${dataType ?? 'None'}${constraintsRepr('ColumnLevelConstraint', own)}`;
  });
  const ofModel = constraintsRepr('ModelLevelConstraint', constraints);
  const stored = ENFORCING.includes(materialized) ? [materialized, ofModel] : [];
  return hash('sha256', [...ofColumns, ...stored].join(''));
}

const constraintsRepr = (name: string, constraints: readonly Constraint[]): string =>
  listRepr(
    constraints.map((constraint) =>
      dataClassRepr(
        name,
        Object.entries(constraint).map(([key, value]) => [
          key,
          key === 'type'
            ? enumRepr('ConstraintType', String(value), String(value))
            : pythonRepr(value),
        ]),
      ),
    ),
  );
