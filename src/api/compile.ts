import { join } from 'node:path';
import { writeCompiled } from '../artifacts/write-compiled.ts';
import { ConfigError } from '../core/errors.ts';
import type { Interval } from '../core/interval.ts';
import { type Node, type NodeId, nodeId } from '../core/node.ts';
import { compileNode, hasTemplate } from '../nodes/compile.ts';
import { INLINE_NAME } from '../project/inline-name.ts';
import { asOfEnd } from './as-of.ts';
import { compileScope } from './compile-scope.ts';
import { closedDatabase, lazyDatabase } from './lazy-database.ts';
import { type ApiOptions, type LoadedProject, loadProject } from './load-project.ts';
import { type SelectOptions, selectNodes } from './select-nodes.ts';

export interface CompileOptions extends ApiOptions, SelectOptions {
  /** A query with Jinja to compile instead of the project's nodes. */
  readonly inline?: string | undefined;
  readonly asOf?: string | undefined;
  /** False: a template that asks the database is an error. */
  readonly introspect?: boolean | undefined;
}

export interface CompiledNode {
  readonly node: Node;
  readonly sql: string;
}

/**
 * Renders the SELECTs of the chosen nodes and writes them to `target/compiled`. as_of models are
 * rendered for all their dates. The database is opened when a template asks it, and not before. @throws VeloError, VeloErrors
 */
export async function compile(options: CompileOptions): Promise<readonly CompiledNode[]> {
  const project = await loadProject(options, options.inline);
  const compiled = await compileChosen(project, options);
  const files = new Map(compiled.map(({ node, sql }) => [node.id, sql]));
  if (options.inline === undefined) {
    await writeCompiled(join(project.settings.targetDir, 'compiled'), project.manifest, files);
  }
  return compiled;
}

/** The SELECTs of the chosen nodes, in the order of the graph. */
export async function compileChosen(
  project: LoadedProject,
  options: CompileOptions,
): Promise<CompiledNode[]> {
  const { graph, settings, startedAt } = project;
  const chosen = chosenNodes(project, options);
  await using database = options.introspect === false ? closedDatabase() : lazyDatabase(project);
  const scope = await compileScope(project, { ask: database.ask, selected: chosen });
  const end = asOfEnd(options.asOf, settings.project.config.timezone, startedAt);
  const compiled: CompiledNode[] = [];
  for (const node of graph.order) {
    if (!chosen.has(node.id) || !hasTemplate(node)) continue;
    const batch: Interval | undefined = node.asOf && {
      start: node.asOf.begin,
      end: Math.max(end, node.asOf.begin),
    };
    const { sql } = await compileNode(node, { batch, isIncremental: false }, scope);
    compiled.push({ node, sql });
  }
  return compiled;
}

function chosenNodes({ graph }: LoadedProject, options: CompileOptions): ReadonlySet<NodeId> {
  if (options.inline === undefined) return selectNodes(graph, options, options.emit);
  const inline = nodeId('model', graph.projectName, INLINE_NAME);
  if (graph.nodes.has(inline)) return new Set([inline]);
  throw new ConfigError('usage', 'the inline query disables itself');
}
