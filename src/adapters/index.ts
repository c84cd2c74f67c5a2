import { createRegistry } from '../core/registry.ts';
import type { Adapter } from './adapter.ts';

/** A database velo knows, loaded only when a target asks for it. */
export interface AdapterEntry {
  /** The target's `type` in profiles.yml. */
  readonly name: string;
  load(): Promise<Adapter>;
}

/** Every database velo can build in. */
export const adapters = createRegistry<AdapterEntry>('adapter', [
  { name: 'duckdb', load: async () => (await import('./duckdb/duckdb.ts')).duckdb },
  { name: 'postgres', load: async () => (await import('./postgres/postgres.ts')).postgres },
]);
