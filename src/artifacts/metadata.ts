import { DBT_VERSION } from '../core/versions.ts';

/** What artifacts say of the run that wrote them. Instants are epoch milliseconds UTC. */
export interface ArtifactContext {
  readonly invocationId: string;
  readonly invocationStartedAt: number;
  readonly generatedAt: number;
}

/** The part all of dbt's artifacts begin with. `schema`: `manifest/v12`. */
export function artifactMetadata(schema: string, context: ArtifactContext) {
  return {
    dbt_schema_version: `https://schemas.getdbt.com/dbt/${schema}.json`,
    dbt_version: DBT_VERSION,
    generated_at: isoInstant(context.generatedAt),
    invocation_id: context.invocationId,
    invocation_started_at: isoInstant(context.invocationStartedAt),
    env: {},
  };
}

export const isoInstant = (epochMs: number): string => new Date(epochMs).toISOString();
