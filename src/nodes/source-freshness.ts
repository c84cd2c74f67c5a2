import type { ConfigLayer } from './resolve-config.ts';

type Values = Readonly<Record<string, unknown>>;

const KEYS = ['freshness', 'loaded_at_field', 'loaded_at_query'] as const;

/**
 * How old a table's rows may be, out of what its source and itself say: each part of `freshness` is the table's own or
 * else its source's, and `freshness: null` is no check at all. Undefined when neither says anything.
 */
export function freshnessLayer(source: ConfigLayer, table: ConfigLayer): ConfigLayer | undefined {
  const layers = [source, table];
  if (!layers.some(({ values }) => KEYS.some((key) => Object.hasOwn(values, key))))
    return undefined;
  const nearest = (key: string) => table.values[key] ?? source.values[key] ?? null;
  return {
    values: {
      freshness: mergedFreshness(source.values['freshness'], table.values['freshness']),
      loaded_at_field: nearest('loaded_at_field'),
      loaded_at_query: nearest('loaded_at_query'),
    },
    spanOf: (key) => (Object.hasOwn(table.values, key) ? table : source).spanOf(key),
  };
}

function mergedFreshness(source: unknown, table: unknown): Values | null {
  if (table === null || (table === undefined && !source)) return null;
  const [weaker, stronger] = [(source ?? {}) as Values, (table ?? {}) as Values];
  const part = (key: string) => stronger[key] ?? weaker[key] ?? null;
  const others = { ...weaker, ...stronger };
  return {
    ...others,
    warn_after: part('warn_after') ?? NEVER,
    error_after: part('error_after') ?? NEVER,
    filter: part('filter'),
  };
}

const NEVER = { count: null, period: null };
