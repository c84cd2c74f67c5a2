/** The kinds of nodes dbt has, in its words, in the order it lists them. A project may have further ones. */
export const RESOURCE_KINDS = [
  ...([
    'model',
    'snapshot',
    'seed',
    'test',
    'source',
    'exposure',
    'metric',
    'saved_query',
  ] as const),
  ...(['semantic_model', 'unit_test', 'function', 'analysis'] as const),
] as const;
