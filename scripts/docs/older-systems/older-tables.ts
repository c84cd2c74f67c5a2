import { z } from 'zod';

const nameFrom = z.enum(['source', 'family']);

const columnMeta = z.strictObject({
  family: z.string().optional(),
  status: z.enum(['same', 'corrected']),
  how: z.string().optional(),
  ours: z.string().optional(),
  name_from: nameFrom,
});

const droppedEntry = z.strictObject({
  name: z.string(),
  family: z.string(),
  name_from: nameFrom,
  how: z.string(),
});

const model = z.object({
  alias: z.string(),
  path: z.string(),
  description: z.string(),
  config: z.object({
    meta: z.strictObject({
      older_system: z.string(),
      dropped: z.array(droppedEntry).default([]),
    }),
  }),
  columns: z.record(
    z.string(),
    z.object({ name: z.string(), description: z.string(), meta: columnMeta }),
  ),
});

const manifest = z.object({ nodes: z.record(z.string(), z.unknown()) });
const located = z.object({ path: z.string() });

/** A column of an older system that is not in its view, and why. */
export interface DroppedColumn {
  readonly name: string;
  readonly family: string;
  /** The name stands in a source of ours; otherwise it follows the family. */
  readonly nameKnown: boolean;
  readonly why: string;
}

/** A column of an older system. `how`: what was corrected; absent when it is the same. */
export interface OlderColumn {
  readonly name: string;
  readonly description: string;
  readonly family: string | undefined;
  readonly how: string | undefined;
  /** `table.column` of ours that it equals; absent when the view computes it. */
  readonly ours: string | undefined;
  readonly nameKnown: boolean;
}

/** A view of models/compat, its columns in the order of its YAML. */
export interface OlderTable {
  /** Its name in the schema `compat`, which is that of the older system. */
  readonly name: string;
  readonly description: string;
  readonly system: string;
  readonly columns: readonly OlderColumn[];
  readonly dropped: readonly DroppedColumn[];
}

/**
 * The tables of models/compat from a manifest.json, by system and name.
 * Raises ZodError for a column that does not say what became of it, and Error for one that is corrected without saying how.
 */
export function olderTables(manifestJson: unknown): readonly OlderTable[] {
  return Object.entries(manifest.parse(manifestJson).nodes)
    .filter(([id, node]) => id.startsWith('model.') && isCompat(located.parse(node).path))
    .map(([, node]) => tableOf(model.parse(node)))
    .toSorted((a, b) => compare(a.system, b.system) || compare(a.name, b.name));
}

const isCompat = (path: string): boolean => path.startsWith('compat/');

const compare = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);

function tableOf({ alias, description, config, columns }: z.infer<typeof model>): OlderTable {
  return {
    name: alias,
    description,
    system: config.meta.older_system,
    columns: Object.values(columns).map((column) => columnOf(alias, column)),
    dropped: config.meta.dropped.map(({ name, family, name_from: from, how }) => ({
      name,
      family,
      nameKnown: from === 'source',
      why: how,
    })),
  };
}

function columnOf(
  table: string,
  { name, description, meta }: z.infer<typeof model>['columns'][string],
): OlderColumn {
  if ((meta.status === 'corrected') !== (meta.how !== undefined)) {
    throw new Error(`${table}.${name} is ${meta.status}: 'how' is for what is corrected`);
  }
  const { family, how, ours, name_from: from } = meta;
  return { name, description, family, how, ours, nameKnown: from === 'source' };
}
