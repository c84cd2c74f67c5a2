import type { Interval } from './interval.ts';
import type { Figure, ModelVersion } from './model-version.ts';
import type { Manifest, NodeId } from './node.ts';
import type { Plan } from './plan.ts';
import type { BatchStatus, NodeResult, RunResult } from './result.ts';
import type { Span } from './span.ts';

/** What a use case tells whoever watches. The CLI prints them, a server streams them; they never steer. */
export type VeloEvent =
  | ({
      readonly type: 'warning';
      readonly message: string;
      /** Where in the project it stands, if that is known. */
      readonly span?: Span | undefined;
    } & EventName)
  | ({ readonly type: 'message'; readonly message: string } & EventName)
  /** What a template prints: a line of its own, without a time. */
  | { readonly type: 'printed'; readonly message: string }
  | {
      readonly type: 'project-read';
      readonly manifest: Manifest;
      /** Where the project's settings want the lines of nodes to end. */
      readonly printerWidth?: number | undefined;
    }
  | {
      readonly type: 'run-started';
      readonly manifest: Manifest;
      readonly plan: Plan;
      readonly threads: number;
      readonly targetName: string;
      /** Where the tables are, for people: a file or a host and database, never a password. */
      readonly database: string;
    }
  /** A run that was asked for could not start: its database does not answer, or what it is to read is not there. */
  | {
      readonly type: 'run-failed';
      readonly threads: number;
      readonly targetName: string;
      readonly elapsedMs: number;
    }
  | {
      readonly type: 'node-started';
      readonly node: NodeId;
      /** Position of the node among all results of the run, from 1. */
      readonly index: number;
      readonly total: number;
    }
  /** Of hooks around the run: position among those before it, or after it, from 1. */
  | {
      readonly type: 'hook-started';
      readonly node: NodeId;
      readonly index: number;
      readonly total: number;
    }
  | {
      readonly type: 'hook-finished';
      readonly result: NodeResult;
      readonly index: number;
      readonly total: number;
    }
  /** Of microbatch models alone. */
  | {
      readonly type: 'batch-started';
      readonly node: NodeId;
      readonly batch: Interval;
      /** Position among the batches, from 1. */
      readonly index: number;
      readonly total: number;
    }
  | {
      readonly type: 'batch-finished';
      readonly node: NodeId;
      readonly batch: Interval;
      readonly done: number;
      readonly total: number;
      readonly rows: number | undefined;
      /** Absent: done. A batch of a microbatch may also fail or be left out. */
      readonly status?: BatchStatus | undefined;
    }
  /** How long a part of the work took; `compile` is that of all threads together, and lies within `run`. */
  | { readonly type: 'phase-ended'; readonly phase: Phase; readonly durationMs: number }
  /** How far a node is that takes its time, in words. */
  | { readonly type: 'node-progress'; readonly node: NodeId; readonly text: string }
  /** A train node registered a version and that is committed; or a test of its rows failed, and nothing of it is kept. */
  | {
      readonly type: 'model-trained';
      readonly node: NodeId;
      readonly version: ModelVersion;
      readonly isRegistered: boolean;
    }
  | { readonly type: 'backtested'; readonly node: NodeId; readonly figures: readonly Figure[] }
  | {
      readonly type: 'node-finished';
      readonly result: NodeResult;
      readonly index: number;
      readonly total: number;
    }
  | {
      readonly type: 'run-finished';
      readonly result: RunResult;
      /** No word of how many nodes of which kind it were, as in dbt's clone. */
      readonly isBrief?: true;
    };

export type Phase =
  | 'settings'
  | 'read'
  | 'graph'
  | 'connect'
  | 'plan'
  | 'check'
  | 'compile'
  | 'run'
  | 'artifacts';

/** For programs that read the log: dbt's name of the event, and its values. */
interface EventName {
  readonly name?: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

export type Emit = (event: VeloEvent) => void;
