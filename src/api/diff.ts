import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FileEngine, openFileEngine } from '../adapters/file-engine.ts';
import { testedKeys } from '../artifacts/primary-key.ts';
import { ConfigError, VeloError } from '../core/errors.ts';
import type { Node, NodeId } from '../core/node.ts';
import type { Relation } from '../core/relation.ts';
import { isSameTable, type TableDifferences } from '../core/table-differences.ts';
import { type DiffEnds, type DiffTarget, openDiffEnds } from './diff-ends.ts';
import { diffTables } from './diff-tables.ts';
import { type LoadedProject, loadProject } from './load-project.ts';
import { type SelectOptions, selectNodes } from './select-nodes.ts';

export interface DiffOptions extends DiffTarget, SelectOptions {
  /** Columns that are not compared, such as when a row was made. */
  readonly excludeColumns?: readonly string[] | undefined;
  readonly watch?: ((model: ModelDiff) => void) | undefined;
}

/** What a comparison of one node came to. */
export interface ModelDiff {
  readonly node: Node;
  /** `here`, `there`: it is only in that one. */
  readonly status: 'same' | 'different' | 'here' | 'there' | 'error';
  readonly here: Relation | undefined;
  readonly there: Relation | undefined;
  readonly differences: TableDifferences | undefined;
  readonly error: VeloError | undefined;
  readonly durationMs: number;
}

export interface Diffed {
  readonly models: readonly ModelDiff[];
  /** Selected, and built in neither. */
  readonly notBuilt: readonly Node[];
}

/**
 * Compares the rows of what is built here with those of another target or schema, in whatever engines: rows of both are
 * copied into an engine beside, one node after the other, and joined there; what does not fit its memory goes to disk.
 * Changes nothing. @throws VeloError, VeloErrors when it cannot start
 */
export async function diff(options: DiffOptions): Promise<Diffed> {
  const here = await loadProject(options);
  const chosen = selectNodes(here, options);
  const nodes = here.graph.order.filter(
    ({ id, buildable, relation, check }) => chosen.has(id) && buildable && relation && !check,
  );
  await using ends = await openDiffEnds(here, options, nodes);
  const built = nodes.filter((node) => ends.isHere(node) || ends.isThere(node));
  if (built.length === 0) throw nothingBuilt(nodes);
  const folder = await mkdtemp(join(tmpdir(), 'velo-diff-'));
  try {
    await using engine = await openFileEngine({
      threads: here.adapterSettings.threads,
      spillFolder: folder,
      memoryLimit: MEMORY,
    });
    const models = await compareAll(built, { here, ends, engine, options });
    return { models, notBuilt: nodes.filter((node) => !built.includes(node)) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What the engine beside may hold; the rest is on disk. */
const MEMORY = '1GB';

const nothingBuilt = (nodes: readonly Node[]): ConfigError =>
  new ConfigError(
    'empty-selection',
    nodes.length === 0
      ? 'none of the selected nodes has rows'
      : `none of the ${nodes.length} selected nodes is built in either of them`,
    { hint: 'velo build builds them' },
  );

interface Comparing {
  readonly here: LoadedProject;
  readonly ends: DiffEnds;
  readonly engine: FileEngine;
  readonly options: DiffOptions;
}

async function compareAll(
  nodes: readonly Node[],
  comparing: Comparing,
): Promise<readonly ModelDiff[]> {
  const { manifest } = comparing.here;
  const testedKey = testedKeys(manifest.nodes.values(), manifest.disabled.values());
  const models: ModelDiff[] = [];
  for (const node of nodes) {
    const model = await compareOne(node, keysOf(node, testedKey), comparing);
    comparing.options.watch?.(model);
    models.push(model);
  }
  return models;
}

/** What config and tests say of a node's key. */
function keysOf(
  { id, config, asOf }: Node,
  testedKey: (id: NodeId) => readonly string[],
): readonly (readonly string[])[] {
  const given = config['unique_key'];
  const unique =
    typeof given === 'string' ? [given] : Array.isArray(given) ? given.map(String) : [];
  const date = asOf && !unique.includes(asOf.column) ? [asOf.column] : [];
  const tested = testedKey(id);
  return [unique.length > 0 ? [...date, ...unique] : [], tested, tested.slice(0, 1)];
}

async function compareOne(
  node: Node,
  keys: readonly (readonly string[])[],
  { here: project, ends, engine, options }: Comparing,
): Promise<ModelDiff> {
  const startedAt = project.now();
  const [here, there] = [node.relation, ends.relationThere(node)];
  const done = (rest: Pick<ModelDiff, 'status'> & Partial<ModelDiff>): ModelDiff => {
    const durationMs = project.now() - startedAt;
    return { node, here, there, differences: undefined, error: undefined, durationMs, ...rest };
  };
  if (!here || !ends.isHere(node)) return done({ status: 'there', here: undefined });
  if (!there || !ends.isThere(node)) return done({ status: 'here', there: undefined });
  try {
    const differences = await ends.here.use((ours) =>
      ends.there.use((theirs) =>
        diffTables(
          { connection: ours, dialect: project.adapter.dialect, relation: here },
          { connection: theirs, dialect: ends.target.adapter.dialect, relation: there },
          { engine, keys, leftOut: options.excludeColumns ?? [] },
        ),
      ),
    );
    return done({ status: isSameTable(differences) ? 'same' : 'different', differences });
  } catch (error) {
    if (!(error instanceof VeloError) || error.code === 'interrupted') throw error;
    return done({ status: 'error', error });
  }
}
