import { join } from 'node:path';
import { manifestArtifact } from '../artifacts/manifest.ts';
import { writeArtifacts } from '../artifacts/write-artifacts.ts';
import { writeCompiled } from '../artifacts/write-compiled.ts';
import { ConfigError } from '../core/errors.ts';
import { INLINE_NAME } from '../core/inline-name.ts';
import type { Interval } from '../core/interval.ts';
import { type Node, type NodeId, nodeId } from '../core/node.ts';
import type { Graph } from '../graph/build-graph.ts';
import { findMacro } from '../jinja/contexts/macro-library.ts';
import {
  type CompileScope,
  compileNode,
  hasTemplate,
  type CompileOptions as NodeOptions,
} from '../nodes/compile.ts';
import type { Compiled } from '../nodes/ctes.ts';
import { testSql } from '../nodes/run-checks.ts';
import { asOfEnd } from './as-of.ts';
import { compileScope } from './compile-scope.ts';
import { deferReferences } from './defer-references.ts';
import { type ExcerptOptions, excerptAsked } from './excerpt.ts';
import { closedDatabase, lazyDatabase, type TemplateDatabase } from './lazy-database.ts';
import { type ApiOptions, type LoadedProject, loadProject } from './load-project.ts';
import { manifestInput } from './manifest-input.ts';
import { existingRelations, schemasOf } from './relations.ts';
import { type SelectOptions, selectNodes } from './select-nodes.ts';
import { tellUnpinned } from './tell-unpinned.ts';

export interface CompileOptions extends ApiOptions, SelectOptions, ExcerptOptions {
  /** A query with Jinja to compile instead of the project's nodes. */
  readonly inline?: string | undefined;
  readonly asOf?: string | undefined;
  /** Incremental models are compiled as if they were not there. */
  readonly fullRefresh?: boolean | undefined;
  /** False: a template that asks the database is an error. */
  readonly introspect?: boolean | undefined;
}

export interface CompiledNode extends Compiled {
  readonly node: Node;
}

/**
 * Renders the SELECTs of the chosen nodes and writes them to `target/compiled`, and manifest.json with them. as_of models are
 * rendered for all their dates. The database is opened when a template asks it, and not before. @throws VeloError, VeloErrors
 */
export async function compile(options: CompileOptions): Promise<readonly CompiledNode[]> {
  const project = await loadProject(options, options.inline);
  const compiled = await compileChosen(project, options);
  const files = new Map(compiled.map(({ node, sql }) => [node.id, sql]));
  if (options.inline === undefined) {
    const { settings, manifest } = project;
    writeCompiled(join(settings.targetDir, 'compiled'), manifest, files);
    const ctes = new Map(compiled.map((one) => [one.node.id, one.ctes]));
    const extraCtes = (id: NodeId) => ctes.get(id) ?? [];
    const input = { ...manifestInput(project, files), extraCtes };
    if (settings.flags.writeJson) {
      await writeArtifacts(settings.targetDir, { 'manifest.json': manifestArtifact(input) });
    }
  }
  return compiled;
}

/** The SELECTs of the chosen nodes, in the order of the graph. */
export async function compileChosen(
  loaded: LoadedProject,
  options: CompileOptions,
  chosen: ReadonlySet<NodeId> = chosenNodes(loaded, options),
): Promise<CompiledNode[]> {
  await using database = options.introspect === false ? closedDatabase() : lazyDatabase(loaded);
  const relations = () => database.relations(schemasOf(loaded));
  const project = await deferReferences(loaded, chosen, relations, options);
  const { graph, settings, startedAt } = project;
  const excerpt = excerptAsked(options, settings.environment, startedAt);
  const scope = await compileScope(project, { ask: database.ask, selected: chosen, excerpt });
  const end = asOfEnd(options.asOf, settings.project.config.timezone, startedAt);
  const compiled: CompiledNode[] = [];
  if (chosen.size > 0) tellThreads(project);
  const nodes = graph.order.filter((node) => chosen.has(node.id) && hasTemplate(node));
  const existing = await incrementalTables(nodes, graph, database);
  for (const node of nodes) {
    const batch: Interval | undefined = node.asOf && {
      start: node.asOf.begin,
      end: Math.max(end, node.asOf.begin),
    };
    const isIncremental = existing.has(node.id) && !options.fullRefresh;
    tellUnpinned(node, graph, project.emit);
    compiled.push({ node, ...(await compileOne(node, { batch, isIncremental }, scope)) });
  }
  return compiled;
}

/** As dbt does where nodes are compiled or shown. */
function tellThreads({ adapterSettings, settings, emit }: LoadedProject): void {
  const { threads } = adapterSettings;
  const message = `\nConcurrency: ${threads} threads (target='${settings.target.name}')\n`;
  emit({ type: 'message', message, name: 'ConcurrencyLine' });
}

/** Incremental models whose table stands: the next run would add to it. Asked only when a template wants to know. */
async function incrementalTables(
  nodes: readonly Node[],
  graph: Graph,
  database: TemplateDatabase,
): Promise<ReadonlySet<NodeId>> {
  const wanting = nodes.filter(
    ({ materialized, asOf, rawCode }) =>
      materialized === 'incremental' && !asOf && rawCode.includes('is_incremental'),
  );
  if (wanting.length === 0) return new Set();
  const schemas = new Set(wanting.flatMap(({ relation }) => relation?.schema ?? []));
  const types = existingRelations(graph, await database.relations([...schemas]));
  return new Set(wanting.flatMap(({ id }) => (types.get(id) === 'table' ? [id] : [])));
}

/** velo's own checks have no macro that dbt would call: their SQL is the statement that finds the failing rows. */
async function compileOne(
  node: Node,
  options: NodeOptions,
  scope: CompileScope,
): Promise<Compiled> {
  const { name, namespace } = node.check?.generic ?? {};
  const macro = namespace === undefined ? `test_${name}` : `${namespace}.test_${name}`;
  if (name !== undefined && !findMacro(scope.macros, node.packageName, macro)) {
    const compile = (one: Node, inner: NodeOptions) => compileNode(one, inner, scope);
    const { dialect, resolve } = scope;
    return { sql: await testSql(node, { dialect, compile, resolve }), placeOf: () => undefined };
  }
  return compileNode(node, options, scope);
}

/** Ids of the selected nodes, or of the inline query. @throws ConfigError */
export function chosenNodes(project: LoadedProject, options: CompileOptions): ReadonlySet<NodeId> {
  const { graph } = project;
  if (options.inline === undefined) return selectNodes(project, options);
  const inline = nodeId('model', graph.projectName, INLINE_NAME);
  if (graph.nodes.has(inline)) return new Set([inline]);
  throw new ConfigError('usage', 'the inline query disables itself');
}
