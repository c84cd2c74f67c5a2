import type { Relation } from '../core/relation.ts';
import type { TargetInfo } from '../jinja/contexts/base-context.ts';

/** dbt's default naming: a custom schema is appended to the target's, an alias replaces the name. */
export function relationOf(
  name: string,
  config: {
    readonly schema?: string | null | undefined;
    readonly alias?: string | null | undefined;
  },
  target: TargetInfo | undefined,
): Relation {
  const base = target?.schema ?? '';
  return {
    ...(target?.database === undefined ? {} : { database: target.database }),
    schema: config.schema ? `${base}_${config.schema.trim()}` : base,
    name: config.alias?.trim() || name,
  };
}
