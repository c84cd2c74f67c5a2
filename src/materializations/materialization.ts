import type {
  Dialect,
  MaterializedView,
  RelationType,
  Statement,
  TableStorage,
} from '../adapters/adapter.ts';
import type { AsOf } from '../core/as-of.ts';
import type { Interval } from '../core/interval.ts';
import type { Relation } from '../core/relation.ts';

export interface MaterializeContext {
  readonly dialect: Dialect;
  readonly relation: Relation;
  /** The SELECT, rendered. */
  readonly sql: string;
  /** What stands under the relation's name now. */
  readonly existing: RelationType | undefined;
  /** True: make the whole relation anew; false: change what `batch` or the strategy says. */
  readonly replace: boolean;
  readonly asOf: AsOf | undefined;
  /** The as_of range that `sql` holds. */
  readonly batch: Interval | undefined;
  readonly uniqueKey: readonly string[];
  /** Columns whose values make a partition. */
  readonly partitionBy: readonly string[];
  /** incremental_strategy as configured. */
  readonly strategy: string | undefined;
  readonly storage: TableStorage;
  /** on_configuration_change. */
  readonly onChange: MaterializedView['onChange'];
}

/** How the rows of a SELECT become a relation. Pure: returns statements and never runs them. */
export interface Materialization {
  readonly name: string;
  /** What it makes; undefined: nothing in the database, its SQL goes into the nodes that refer to it. */
  readonly relationType: RelationType | undefined;
  /** A later build changes the relation bit by bit. */
  readonly updatesInPlace: boolean;
  /** The statements that publish; the last of them that writes rows writes the relation's. */
  statements(context: MaterializeContext): Statement[];
}

/** A way of changing an existing table, chosen with `incremental_strategy`. */
export interface IncrementalStrategy {
  readonly name: string;
  readonly needs: 'nothing' | 'unique_key' | 'partition_by' | 'as_of';
  statements(context: MaterializeContext): Statement[];
}
