import { basename, dirname, join, resolve } from 'node:path';
import type { Warehouse } from '../adapters/adapter.ts';
import { sourcesArtifact } from '../artifacts/sources.ts';
import { writeArtifacts } from '../artifacts/write-artifacts.ts';
import { VeloError } from '../core/errors.ts';
import { type FreshnessLimits, judgeAge, limitsOf, type SourceAge } from '../core/freshness.ts';
import type { Node } from '../core/node.ts';
import type { NodeResult } from '../core/result.ts';
import { askConnection } from '../nodes/ask-connection.ts';
import { askFreshness } from '../nodes/ask-freshness.ts';
import { sessionMacros } from '../nodes/build-macros.ts';
import type { CompileScope } from '../nodes/compile.ts';
import { compileScope } from './compile-scope.ts';
import { closedDatabase } from './lazy-database.ts';
import {
  type ApiOptions,
  type LoadedProject,
  loadProject,
  openToRead,
  openWarehouse,
} from './load-project.ts';
import { runProjectHooks } from './project-hooks.ts';
import { type SelectOptions, selectNodes } from './select-nodes.ts';
import { unpackSources } from './unpack-sources.ts';

export interface FreshnessOptions extends ApiOptions, SelectOptions {
  /** Where sources.json goes instead of the target folder: a file, relative to the working folder. */
  readonly output?: string | undefined;
}

/** What a look at the sources came to. */
export interface SourcesSeen {
  readonly ages: readonly SourceAge[];
  /** Of the project's hooks and of each source: `fail` is a source that is too old. */
  readonly results: readonly NodeResult[];
  readonly elapsedMs: number;
}

/**
 * Asks each chosen source that has limits how old its newest rows are, and writes sources.json. The project's hooks run
 * around it. @throws VeloError, VeloErrors when it cannot start
 */
export async function sourceFreshness(options: FreshnessOptions): Promise<SourcesSeen> {
  const project = await loadProject(options);
  const { manifest, settings, now, startedAt, invocationId } = project;
  const chosen = selectNodes(project, options);
  const asked = [...manifest.nodes.values()].flatMap((node) => {
    const limits = node.kind === 'source' && chosen.has(node.id) && limitsOf(node.config);
    return limits ? [{ node, limits }] : [];
  });
  asked.sort((a, b) => (a.node.id < b.node.id ? -1 : 1));
  const { ages, results } =
    asked.length > 0 ? await lookAt(asked, project) : { ages: [], results: [] };
  const elapsedMs = now() - startedAt;
  const file = resolve(
    options.cwd ?? '',
    options.output ?? join(settings.targetDir, 'sources.json'),
  );
  await writeArtifacts(dirname(file), {
    [basename(file)]: sourcesArtifact({
      ...{ ages, elapsedMs, invocationId },
      ...{ invocationStartedAt: startedAt, generatedAt: now() },
    }),
  });
  return { ages, results, elapsedMs };
}

interface Asked {
  readonly node: Node;
  readonly limits: FreshnessLimits;
}

async function lookAt(
  asked: readonly Asked[],
  project: LoadedProject,
): Promise<Pick<SourcesSeen, 'ages' | 'results'>> {
  await unpackSources(project);
  const hasHooks = [...project.graph.nodes.values()].some(({ kind }) => kind === 'operation');
  await using warehouse = await (hasHooks ? openWarehouse(project) : openToRead(project));
  const scope = await compileScope(project, {
    ask: closedDatabase().ask,
    selected: new Set(asked.map(({ node }) => node.id)),
  });
  const { emit } = project;
  const hooks = { project, warehouse, macros: sessionMacros(scope), emit };
  const { threads } = project.adapterSettings;
  const concurrency = `Concurrency: ${threads} threads (target='${project.settings.target.name}')`;
  for (const message of ['', concurrency, '']) emit({ type: 'message', message });
  const before = await runProjectHooks('on-run-start', { ...hooks, results: [] });
  const ages = before.some(({ status }) => status === 'error')
    ? []
    : await askAll(asked, { project, warehouse, scope });
  const results = ages.map(resultOf);
  const after = await runProjectHooks('on-run-end', { ...hooks, results });
  return { ages, results: [...before, ...results, ...after] };
}

interface Asking {
  readonly project: LoadedProject;
  readonly warehouse: Warehouse;
  readonly scope: CompileScope;
}

/** As many at once as there are threads; in their order. */
async function askAll(asked: readonly Asked[], asking: Asking): Promise<SourceAge[]> {
  const ages: SourceAge[] = [];
  let next = 0;
  const work = async () => {
    while (next < asked.length) {
      const index = next;
      next += 1;
      const one = asked[index];
      if (one) ages[index] = await askOne(one, { index: index + 1, total: asked.length }, asking);
    }
  };
  await Promise.all(Array.from({ length: asking.project.adapterSettings.threads }, work));
  return ages;
}

async function askOne(
  { node, limits }: Asked,
  place: { readonly index: number; readonly total: number },
  { project, warehouse, scope }: Asking,
): Promise<SourceAge> {
  const { now, emit, adapter, settings } = project;
  emit({ type: 'node-started', node: node.id, ...place });
  const startedAt = now();
  const done = (found: Pick<SourceAge, 'status' | 'loadedAt' | 'message'>): SourceAge => {
    const seenAt = now();
    const durationMs = seenAt - startedAt;
    const age = { node: node.id, limits, seenAt: startedAt, startedAt, durationMs, ...found };
    emit({ type: 'node-finished', result: resultOf(age), ...place });
    return age;
  };
  try {
    const loadedAt = await warehouse.use((connection) => {
      const own = { ...scope, ask: askConnection(connection) };
      const { dialect } = adapter;
      const { projectDir } = settings;
      return askFreshness(node, limits, { connection, dialect, scope: own, projectDir });
    }, node.id);
    return done({ status: judgeAge(startedAt - loadedAt, limits), loadedAt, message: '' });
  } catch (error) {
    if (!(error instanceof VeloError) || error.code === 'interrupted') throw error;
    return done({ status: 'runtime error', loadedAt: undefined, message: error.message });
  }
}

const STATUSES = { pass: 'pass', warn: 'warn', error: 'fail', 'runtime error': 'error' } as const;

const resultOf = ({ node, status, startedAt, durationMs, message }: SourceAge): NodeResult => ({
  ...{ node, status: STATUSES[status], message, startedAt, durationMs },
  ...{ failures: undefined, rows: undefined, thread: 1, error: undefined, compiledCode: undefined },
});
