import type { Figure, ModelVersion } from '../core/model-version.ts';
import type { NodeId } from '../core/node.ts';
import type { Span } from '../core/span.ts';
import type { EstimatorTools } from '../estimators/estimator-tools.ts';
import type { RegistryTables } from '../state/registry-schema.ts';

/** What a run lends to nodes that make or use models. */
export interface ModelTools {
  readonly estimators: EstimatorTools;
  readonly threads: number;
  /** Aborted: training and scoring end soon, and nothing is kept. */
  readonly signal: AbortSignal | undefined;
  readonly tables: RegistryTables;
  /** Folder of trained models. */
  readonly artifactsDir: string;
  readonly runId: string;
  now(): number;
  /** Commit of the project's folder. */
  commit(): Promise<string | undefined>;
  /** Tells how far a node is. */
  say(node: NodeId, progress: string): void;
  /** Tells of something that stays worth knowing: a line of its own. */
  tell(news: string): void;
  /** Tells of a version that was registered, or would have been: a test of its rows failed. */
  trained(node: NodeId, version: ModelVersion, isRegistered: boolean): void;
  /** Tells what a backtest came to. */
  backtested(node: NodeId, figures: readonly Figure[]): void;
  /** Tells of something that may be a mistake. @throws ConfigError where warnings are errors */
  warn(message: string, span?: Span): void;
}
