import { runResultsArtifact } from '../artifacts/run-results.ts';
import { writeArtifacts } from '../artifacts/write-artifacts.ts';
import type { Node, NodeId } from '../core/node.ts';
import type { Relation } from '../core/relation.ts';
import { FAILED, type NodeResult, type RunResult, untouched } from '../core/result.ts';
import { refuseQueries } from '../jinja/contexts/replay.ts';
import { CLONED, type Cloner, cloneNode } from './clone-node.ts';
import { compileScope } from './compile-scope.ts';
import { builtEarlier } from './defer-references.ts';
import { forgetStates } from './forget-states.ts';
import { type KindOptions, kindFilter } from './kind-filter.ts';
import { type ApiOptions, type LoadedProject, loadProject } from './load-project.ts';
import { manifestInput } from './manifest-input.ts';
import { relationKey } from './relations.ts';
import { type SelectOptions, selectNodes } from './select-nodes.ts';
import { openSession, type WarehouseSession } from './warehouse-session.ts';

export interface CloneOptions extends ApiOptions, SelectOptions, KindOptions {
  /** What stands in the target is replaced, too. */
  readonly fullRefresh?: boolean | undefined;
  /** Nothing more is cloned after the first failure. */
  readonly failFast?: boolean | undefined;
  /** The command's flags as run_results.json lists them. */
  readonly args?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Makes views in the target on what an earlier run built in another place, for the selected nodes that have rows. What
 * stands in the target stays, unless all is to be replaced. Failures of nodes are results. @throws VeloError, VeloErrors
 */
export async function clone(options: CloneOptions): Promise<RunResult> {
  const project = await loadProject(options);
  const nodes = clonedNodes(project, options);
  const { adapterSettings, settings, emit, startedAt, now } = project;
  const concurrency = `Concurrency: ${adapterSettings.threads} threads (target='${settings.target.name}')`;
  emit({ type: 'message', message: `\n${concurrency}\n`, name: 'ConcurrencyLine' });
  const earlier = builtEarlier(project, options);
  await using session = await openSession(project);
  const results = await cloneAll(nodes, project, session, { ...options, earlier });
  const result = { results, elapsedMs: now() - startedAt, interrupted: false };
  if (settings.flags.writeJson) {
    const run = {
      ...manifestInput(project),
      run: result,
      args: { which: 'clone', ...options.args },
    };
    await writeArtifacts(settings.targetDir, { 'run_results.json': runResultsArtifact(run) });
  }
  emit({ type: 'run-finished', result, isBrief: true });
  return result;
}

/** Those others may refer to, and that have rows. */
function clonedNodes(project: LoadedProject, options: CloneOptions): readonly Node[] {
  const selected = selectNodes(project, options);
  const isAsked = kindFilter(project.graph.nodes.values(), options);
  return project.graph.order.filter(
    ({ id, kind, check, relation, materialized }) =>
      selected.has(id) &&
      isAsked(kind) &&
      check === undefined &&
      relation !== undefined &&
      !NOT_CLONED.has(kind) &&
      materialized !== 'ephemeral',
  );
}

const NOT_CLONED: ReadonlySet<string> = new Set(['source', 'function', 'operation', 'analysis']);

interface CloneInput extends CloneOptions {
  /** Where the earlier run has left nodes. */
  readonly earlier: ReadonlyMap<NodeId, Relation>;
}

async function cloneAll(
  nodes: readonly Node[],
  project: LoadedProject,
  session: WarehouseSession,
  { earlier, fullRefresh = false, failFast = false, signal }: CloneInput,
): Promise<readonly NodeResult[]> {
  const selected = new Set(nodes.map(({ id }) => id));
  const warehouse = await session.open();
  await session.hold();
  const scope = await compileScope(project, { ask: outsideOfNodes, selected });
  const { relations } = session.state;
  const standing = new Map(relations.map((info) => [relationKey(info.relation), info]));
  const cloner: Cloner = { project, warehouse, scope, earlier, standing, fullRefresh };
  const results: NodeResult[] = [];
  for (const node of nodes) {
    const isFailed = results.some(({ status }) => FAILED.has(status));
    const reason = signal?.aborted ? 'interrupted' : failFast && isFailed ? 'fail fast' : undefined;
    results.push(
      reason === undefined
        ? await cloneNode(node, cloner)
        : untouched(node.id, 'skipped', reason, project.now()),
    );
  }
  const cloned = new Set(results.flatMap(({ node, message }) => (message === CLONED ? node : [])));
  await forgetStates(
    nodes.filter(({ id }) => cloned.has(id)),
    project,
    session,
  );
  session.setRelations([...standing.values()]);
  return results;
}

/** Grants and descriptions are written in the session that makes the view. */
const outsideOfNodes = refuseQueries(
  'the template asks the database outside of a node',
  'this is a mistake of velo',
);
