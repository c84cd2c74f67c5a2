// What `import … from 'velo'` gives; docs/guides/api.md speaks of each.
export { type CheckedNode, type CheckOptions, check } from './api/check.ts';
export { clean } from './api/clean.ts';
export { type CloneOptions, clone } from './api/clone.ts';
export { type CompiledNode, type CompileOptions, compile } from './api/compile.ts';
export { type DebugCheck, debug } from './api/debug.ts';
export { type DepsOptions, deps } from './api/deps.ts';
export { type Diffed, type DiffOptions, diff, type ModelDiff } from './api/diff.ts';
export { type DocsOptions, generateDocs, type WrittenDocs } from './api/docs.ts';
export { type FreshnessOptions, type SourcesSeen, sourceFreshness } from './api/freshness.ts';
export { type InitOptions, init } from './api/init.ts';
export type { JudgedModels } from './api/judge-models.ts';
export { type LeakageOptions, leakage } from './api/leakage.ts';
export {
  type FoundLineage,
  type LineageColumn,
  type LineageOptions,
  lineage,
} from './api/lineage.ts';
export { type Listed, type ListOptions, list } from './api/list.ts';
export type { ApiOptions } from './api/load-project.ts';
export { promoteModel, readModels, rollbackModel } from './api/models.ts';
export { parse } from './api/parse.ts';
export { type Planned, type PlanOptions, plan, type RunCommand } from './api/plan.ts';
export { type PullOptions, pull } from './api/pull.ts';
export { type PushOptions, push } from './api/push.ts';
export { type LastRun, type RetryOptions, readLastRun, type Undone } from './api/retry.ts';
export { type RollbackOptions, type RolledBack, rollback } from './api/rollback.ts';
export { type RunOptions, run } from './api/run.ts';
export { type OperationOptions, runOperation } from './api/run-operation.ts';
export type { SelectOptions } from './api/select-nodes.ts';
export { type DocsServer, type ServeOptions, serveDocs } from './api/serve-docs.ts';
export { type ShownNode, type ShowOptions, show } from './api/show.ts';
export type { TransferredTable } from './api/transfer-result.ts';
export { type Verified, type VerifyOptions, verify } from './api/verify.ts';
export type { Columns, ColumnValues, TypedColumn, TypedColumns } from './core/columns.ts';
export {
  ConfigError,
  DatabaseError,
  type ErrorCode,
  ProjectError,
  VeloError,
  VeloErrors,
} from './core/errors.ts';
export type { Emit, VeloEvent } from './core/events.ts';
export type { ModelVersion, RegistryContent } from './core/model-version.ts';
export type { Manifest, Node, NodeId } from './core/node.ts';
export type { Plan, PlanStep } from './core/plan.ts';
export type { NodeResult, NodeStatus, RunResult } from './core/result.ts';
export type { ResultColumn, ResultTable } from './core/result-table.ts';
export type { Span } from './core/span.ts';
export type {
  AsOfScriptContext,
  ReadOptions,
  ScriptContext,
  ScriptResult,
} from './nodes/script-api.ts';
