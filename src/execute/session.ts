import type { Connection, Dialect, RelationType, Warehouse } from '../adapters/adapter.ts';
import type { Emit } from '../core/events.ts';
import type { Interval } from '../core/interval.ts';
import type { Node, NodeId, Reference } from '../core/node.ts';
import type { ChangeLogs, NodeStates } from '../core/node-state.ts';
import type { Plan } from '../core/plan.ts';
import type { NodeResult } from '../core/result.ts';
import type { Span } from '../core/span.ts';
import type { ModelTools } from '../modeling/model-tools.ts';
import { askConnection } from '../nodes/ask-connection.ts';
import { macrosIn, type SessionMacros } from '../nodes/build-macros.ts';
import type { CheckOutcome } from '../nodes/check-outcome.ts';
import type { CompileOptions } from '../nodes/compile.ts';
import type { Compiled } from '../nodes/ctes.ts';
import type { ProjectFolders } from '../nodes/node-kind.ts';
import type { CheckContext } from '../nodes/run-checks.ts';
import type { LedgerLine, LedgerWriter } from '../state/ledger.ts';
import type { LedgerTables } from '../state/ledger-schema.ts';
import type { Audit } from './failing-rows.ts';
import type { InTurn } from './take-turns.ts';

/** What every step of a run shares. */
export interface Session {
  readonly plan: Plan;
  readonly nodes: ReadonlyMap<NodeId, Node>;
  readonly warehouse: Warehouse;
  readonly dialect: Dialect;
  readonly ledger: LedgerWriter;
  readonly tables: LedgerTables;
  /** The ledger as it stands now: `onCommitted` keeps it up to date. */
  readonly states: NodeStates;
  /** Changes of dated inputs, kept up to date likewise. */
  readonly changes: ChangeLogs;
  /** Compares a dated input with what the ledger has seen of it, once a run. */
  observe(node: Node): Promise<void>;
  /** Which relations stand in the warehouse now. Steps keep it up to date. */
  readonly existing: Map<NodeId, RelationType>;
  readonly folders: ProjectFolders;
  readonly audit: Audit;
  readonly inTurn: InTurn;
  /** Rows are published before they are tested, as dbt does. */
  readonly publishFirst: boolean;
  /** Tests keep the rows they find where their settings do not say. */
  readonly storesFailures: boolean;
  /** Tests that count new failures alone know what they find from now on. */
  readonly forgetsFailures: boolean;
  readonly macros: SessionMacros;
  /** For nodes that make or use models. */
  readonly models: ModelTools;
  compile(node: Node, options: CompileOptions): Promise<Compiled>;
  resolve(from: Node, reference: Reference): Node;
  leaksOf: CheckContext['leaksOf'];
  /** Called with each line once it is committed. */
  onCommitted(lines: readonly LedgerLine[]): void;
  readonly now: () => number;
  readonly emit: Emit;
  /** Tells of something that may be a mistake. @throws ConfigError where warnings are errors */
  warn(message: string, span?: Span): void;
}

/** What a step came to: the node's own result, and what became of its tests. */
export interface StepOutcome {
  readonly node: Omit<NodeResult, 'thread' | 'startedAt' | 'durationMs'>;
  readonly checks: readonly CheckOutcome[];
}

export function nodeOf(id: NodeId, { nodes }: Session): Node {
  const node = nodes.get(id);
  if (!node) throw new Error(`the plan names ${id}, which the manifest lacks`);
  return node;
}

/** The session as one step, or one batch of a microbatch, sees it: its templates ask in the connection it builds in. */
export function inSession(session: Session, connection: Connection, batch?: Interval) {
  const ask = askConnection(connection);
  return {
    ...session,
    connection,
    compile: (node: Node, options: CompileOptions) => session.compile(node, { ask, ...options }),
    macros: macrosIn(session.macros, ask, batch),
    excerpt: session.plan.excerpt,
  };
}
