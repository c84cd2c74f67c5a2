export { type RunOptions, run } from './api/run.ts';
export type { Columns, ColumnValues, TypedColumn, TypedColumns } from './core/columns.ts';
export { VeloError, VeloErrors } from './core/errors.ts';
export type { VeloEvent } from './core/events.ts';
export type { NodeResult, RunResult } from './core/result.ts';
export type {
  AsOfScriptContext,
  ReadOptions,
  ScriptContext,
  ScriptResult,
} from './nodes/script-api.ts';
