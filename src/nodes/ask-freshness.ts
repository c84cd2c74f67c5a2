import type { Connection, Dialect } from '../adapters/adapter.ts';
import { ProjectError } from '../core/errors.ts';
import { type FreshnessLimits, NEVER_LOADED } from '../core/freshness.ts';
import type { Node } from '../core/node.ts';
import { type CompileScope, renderOperation } from './compile.ts';
import { listFiles } from './source-files.ts';
import { type SourceDetail, sourceText } from './source-text.ts';

/** With what a source is asked how old it is. */
export interface FreshnessContext {
  readonly connection: Connection;
  readonly dialect: Dialect;
  readonly scope: CompileScope;
  readonly projectDir: string;
}

/**
 * When the newest rows of a source were loaded, in epoch milliseconds: as its `loaded_at_query` or `loaded_at_field` says,
 * of files without either when the newest was written. A time without a zone is UTC. @throws ProjectError, DatabaseError
 */
export async function askFreshness(
  source: Node,
  { filter }: FreshnessLimits,
  context: FreshnessContext,
): Promise<number> {
  const { loaded_at_query: query, loaded_at_field: field } = source.config;
  if (typeof query === 'string' && query.trim() !== '') {
    const text = { file: source.span.file, line: source.span.line, text: query };
    const { ask } = context.scope;
    const sql = await renderOperation(source, { source: text, extraNames: {}, ask }, context.scope);
    return newestIn(`select cast((${sql}) as varchar) as loaded_at`, source, context);
  }
  if (typeof field === 'string' && field.trim() !== '') {
    const where = filter === undefined ? '' : `\nwhere ${filter}`;
    const from = sourceText(source, context.dialect);
    const sql = `select cast(max(${field}) as varchar) as loaded_at from ${from}${where}`;
    return newestIn(sql, source, context);
  }
  return newestFile(source, context);
}

async function newestIn(
  sql: string,
  { span }: Node,
  { connection }: FreshnessContext,
): Promise<number> {
  const [row] = await connection.query(sql);
  const text = row?.['loaded_at'];
  if (text === null || text === undefined) return NEVER_LOADED;
  const instant = parseInstant(String(text));
  if (!Number.isNaN(instant)) return instant;
  throw new ProjectError('invalid-config', `'${String(text)}' is no time rows were loaded at`, {
    span,
    hint: 'loaded_at_field and loaded_at_query give a timestamp: cast(… as timestamp)',
  });
}

const INSTANT = /^(\d{4,}-\d\d-\d\d)(?:[ T](\d\d:\d\d:\d\d(?:\.\d+)?))?(Z|[+-]\d\d(?::?\d\d)?)?$/;

/** Engines write `2024-01-10 11:30:00.5+00`. */
function parseInstant(text: string): number {
  const [, date, time = '00:00:00', zone = 'Z'] = INSTANT.exec(text) ?? [];
  if (date === undefined) return Number.NaN;
  const offset = zone.length === 3 ? `${zone}:00` : zone;
  return Date.parse(`${date}T${time.replace(/(\.\d{3})\d+/, '$1')}${offset}`);
}

function newestFile(source: Node, { projectDir }: FreshnessContext): number {
  const { external } = source.detail as SourceDetail;
  if (!external) {
    throw new ProjectError(
      'invalid-config',
      `nothing says when rows of '${source.name}' were loaded`,
      {
        span: source.span,
        hint: 'give it a loaded_at_field or a loaded_at_query; only of files velo knows by itself',
      },
    );
  }
  const { states } = listFiles(external.location, projectDir);
  return states.reduce((newest, [, , changedMs]) => Math.max(newest, changedMs), NEVER_LOADED);
}
