import type { Warehouse } from '../adapters/adapter.ts';
import { VeloError } from '../core/errors.ts';
import type { Emit } from '../core/events.ts';
import type { Node } from '../core/node.ts';
import { type NodeResult, untouched } from '../core/result.ts';
import { toValue } from '../jinja/value.ts';
import { askConnection } from '../nodes/ask-connection.ts';
import { macrosIn, type SessionMacros } from '../nodes/build-macros.ts';
import { isHook, type RunHook } from '../nodes/operation.ts';
import type { LoadedProject } from './load-project.ts';

type When = RunHook['when'];

const hooksOf = (nodes: ReadonlyMap<unknown, Node>, when?: When): Node[] =>
  [...nodes.values()].filter((node) => isHook(node, when));

/** What the hooks of a run are run with. */
export interface HookContext {
  readonly project: LoadedProject;
  readonly warehouse: Warehouse;
  readonly macros: SessionMacros;
  /** The results of the steps, for hooks at the end. */
  readonly results: readonly NodeResult[];
  readonly emit: Emit;
}

/**
 * Runs the hooks of on-run-start or on-run-end one by one, each in a transaction of its own, up to the first that
 * fails.
 */
export async function runProjectHooks(when: When, context: HookContext): Promise<NodeResult[]> {
  const done: NodeResult[] = [];
  const { project } = context;
  const hooks = hooksOf(project.graph.nodes, when);
  for (const [i, hook] of hooks.entries()) {
    const place = { index: i + 1, total: hooks.length };
    context.emit({ type: 'hook-started', node: hook.id, ...place });
    const result = await runHook(hook, context);
    context.emit({ type: 'hook-finished', result, ...place });
    done.push(result);
    if (result.status !== 'error') continue;
    for (const [j, left] of hooks.slice(i + 1).entries()) {
      const skippedResult = untouched(left.id, 'skipped', `${hook.name} failed`, project.now());
      const at = { index: i + j + 2, total: hooks.length };
      context.emit({ type: 'hook-finished', result: skippedResult, ...at });
      done.push(skippedResult);
    }
    break;
  }
  return done;
}

async function runHook(
  hook: Node,
  { project, warehouse, macros, results }: HookContext,
): Promise<NodeResult> {
  const startedAt = project.now();
  const base = { node: hook.id, failures: undefined, rows: undefined, startedAt, thread: 1 };
  let sql: string | undefined;
  try {
    await warehouse.use((connection) =>
      connection.transaction(async () => {
        const own = macrosIn(macros, askConnection(connection));
        const source = { ...hook.span, text: hook.rawCode };
        sql = await own.render(hook, source, endNames(project, results));
        if (sql.trim() !== '') await connection.fetch(sql);
      }),
    );
  } catch (error) {
    if (!(error instanceof VeloError)) throw error;
    const durationMs = project.now() - startedAt;
    const { message } = error;
    return { ...base, status: 'error', message, durationMs, error, compiledCode: sql };
  }
  const durationMs = project.now() - startedAt;
  return {
    ...base,
    status: 'success',
    message: 'OK',
    durationMs,
    error: undefined,
    compiledCode: sql,
  };
}

/** What hooks at the end know of the run, under dbt's names; at the start nothing has been done yet. */
function endNames({ graph }: LoadedProject, results: readonly NodeResult[]) {
  const relations = results.flatMap(({ node }) => graph.nodes.get(node)?.relation ?? []);
  const schemas = [...new Set(relations.map(({ schema }) => schema))];
  return {
    results: toValue(results.map((result) => describeResult(result, graph.nodes.get(result.node)))),
    schemas: toValue(schemas),
    database_schemas: toValue(schemas.map((schema) => [relations[0]?.database ?? null, schema])),
  };
}

const describeResult = (result: NodeResult, node: Node | undefined) => ({
  unique_id: result.node,
  status: result.status,
  message: result.message,
  failures: result.failures ?? null,
  execution_time: result.durationMs / 1000,
  thread_id: `Thread-${result.thread}`,
  adapter_response: { rows_affected: result.rows ?? null },
  node: {
    unique_id: result.node,
    name: node?.name ?? null,
    resource_type: node?.kind ?? null,
    package_name: node?.packageName ?? null,
    original_file_path: node?.path ?? null,
    schema: node?.relation?.schema ?? null,
    database: node?.relation?.database ?? null,
    alias: node?.alias ?? null,
    fqn: node?.fqn ?? [],
    tags: node?.tags ?? [],
  },
});
