import { z } from 'zod';

const column = z.object({
  name: z.string(),
  description: z.string(),
  meta: z.object({
    unit: z.string(),
    window: z.string(),
    source: z.string(),
    when_null: z.string(),
  }),
});

const model = z.object({
  name: z.string(),
  description: z.string(),
  path: z.string(),
  config: z.object({ unique_key: z.union([z.array(z.string()), z.string()]).nullish() }),
  columns: z.record(z.string(), z.unknown()),
  depends_on: z.object({ nodes: z.array(z.string()) }),
});

const manifest = z.object({ nodes: z.record(z.string(), z.unknown()) });

/** A column as its YAML describes it. `whenNull`: what NULL means, or `never`. */
export interface CatalogueColumn {
  readonly name: string;
  readonly description: string;
  readonly unit: string;
  readonly window: string;
  readonly source: string;
  readonly whenNull: string;
}

/** A feature table or training_dataset, its columns in the order of its YAML. */
export interface CatalogueTable {
  readonly name: string;
  readonly description: string;
  readonly key: readonly string[];
  readonly madeFrom: readonly string[];
  readonly columns: readonly CatalogueColumn[];
  /** Columns that race_card lacks: what is to be foretold. */
  readonly labels: readonly string[];
}

const DATASET = 'training_dataset';

/** The tables of the catalogue from a manifest.json, the dataset last. Raises ZodError for a column without its unit, window, source or meaning of NULL. */
export function tablesOf(manifestJson: unknown): readonly CatalogueTable[] {
  const entries = Object.entries(manifest.parse(manifestJson).nodes);
  const models = entries
    .filter(([id]) => id.startsWith('model.'))
    .map(([, node]) => model.parse(node));
  const card = models.find(({ name }) => name === 'race_card');
  return models
    .filter(({ name, path }) => path.startsWith('features/') || name === DATASET)
    .toSorted((a, b) => Number(a.name === DATASET) - Number(b.name === DATASET) || order(a, b))
    .map((node) => tableOf(node, new Set(Object.keys(card?.columns ?? {}))));
}

const order = (a: { readonly name: string }, b: { readonly name: string }): number =>
  a.name < b.name ? -1 : 1;

function tableOf(node: z.infer<typeof model>, onCard: ReadonlySet<string>): CatalogueTable {
  const columns = Object.values(node.columns).map((each) => columnOf(column.parse(each)));
  const names = columns.map(({ name }) => name);
  return {
    name: node.name,
    description: node.description,
    key: [node.config.unique_key ?? []].flat(),
    madeFrom: node.depends_on.nodes.map((id) => id.split('.').at(-1) ?? id).toSorted(),
    columns,
    labels: node.name === DATASET ? names.filter((name) => !onCard.has(name)) : [],
  };
}

function columnOf({ name, description, meta }: z.infer<typeof column>): CatalogueColumn {
  const { unit, window, source, when_null: whenNull } = meta;
  return { name, description, unit, window, source, whenNull };
}
