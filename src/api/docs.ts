import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Catalog, catalogArtifact, catalogOf } from '../artifacts/catalog.ts';
import { docsNodes } from '../artifacts/docs-data.ts';
import { docsPage } from '../artifacts/docs-page.ts';
import { type ColumnLineage, LINEAGE_FILE, lineageArtifact } from '../artifacts/lineage.ts';
import { manifestArtifact } from '../artifacts/manifest.ts';
import { writeArtifacts } from '../artifacts/write-artifacts.ts';
import { writeCompiled } from '../artifacts/write-compiled.ts';
import type { ModelVersion } from '../core/model-version.ts';
import type { Node, NodeId } from '../core/node.ts';
import { statePlace } from '../state/ledger-schema.ts';
import { readRegistry } from '../state/registry.ts';
import { registryTables } from '../state/registry-schema.ts';
import { asOfEnd } from './as-of.ts';
import { columnLineage } from './column-lineage.ts';
import { compileChosen } from './compile.ts';
import { type ApiOptions, type LoadedProject, loadProject, openToRead } from './load-project.ts';
import { manifestInput } from './manifest-input.ts';
import { readCatalog } from './read-catalog.ts';
import { type SelectOptions, selectNodes } from './select-nodes.ts';
import { openToPlan } from './state-to-read.ts';

export interface DocsOptions extends ApiOptions, SelectOptions {
  /** False: no SQL is rendered, and manifest.json is left as it is. */
  readonly compile?: boolean | undefined;
  /** The database is not asked: catalog.json is there, and empty. */
  readonly emptyCatalog?: boolean | undefined;
  /** False: nobody looks which columns a column is made of. Without the SQL it is not known either. */
  readonly columnLineage?: boolean | undefined;
  /** The page under dbt's name of it as well: static_index.html. */
  readonly isStatic?: boolean | undefined;
}

/** What was written, as absolute paths. */
export interface WrittenDocs {
  readonly page: string;
  readonly catalog: string;
  readonly nodeCount: number;
}

/**
 * Writes catalog.json, manifest.json with the compiled SQL, and index.html: the project as a page that needs nothing else.
 * A selection narrows what is compiled and what the catalog has. @throws VeloError, VeloErrors
 */
export async function generateDocs(options: DocsOptions): Promise<WrittenDocs> {
  const project = await loadProject(options);
  const { settings, manifest, emit } = project;
  const { targetDir } = settings;
  const { compiled, lineage } = await lookAtCode(project, options);
  if (options.compile !== false) {
    const whole = { ...manifestInput(project, compiled), lineage };
    await writeArtifacts(targetDir, {
      'manifest.json': manifestArtifact(whole),
      ...(lineage && { [LINEAGE_FILE]: lineageArtifact(lineage, whole) }),
    });
  }
  const found = options.emptyCatalog ? undefined : await lookAtDatabase(project, options);
  const input = manifestInput(project, compiled);
  await writeArtifacts(targetDir, {
    'catalog.json': catalogArtifact(input, found?.catalog ?? new Map()),
  });
  const catalog = join(targetDir, 'catalog.json');
  emit({ type: 'message', message: `Catalog written to ${catalog}` });
  const page = await writePage(project, { compiled, found, lineage }, options);
  return { page, catalog, nodeCount: manifest.nodes.size };
}

/** The SQL of nodes, which is written, and where columns come from. */
async function lookAtCode(project: LoadedProject, options: DocsOptions) {
  const compiled = new Map<NodeId, string>();
  if (options.compile === false) return { compiled, lineage: undefined };
  for (const { node, sql } of await compileChosen(project, options)) compiled.set(node.id, sql);
  writeCompiled(join(project.settings.targetDir, 'compiled'), project.manifest, compiled);
  // Not at once with the rest: a file of DuckDB is opened in one way at a time.
  const isFollowed = options.columnLineage !== false;
  return {
    compiled,
    lineage: isFollowed ? await columnLineage(project, options.signal) : undefined,
  };
}

/** What the database says. */
interface Found {
  readonly catalog: Catalog;
  readonly versions: readonly ModelVersion[];
}

/** Two queries, and two more where models are registered, however many nodes. */
async function lookAtDatabase(project: LoadedProject, options: DocsOptions): Promise<Found> {
  const { manifest, adapter, adapterSettings, emit } = project;
  emit({ type: 'message', message: 'Building catalog' });
  const nodes = [...manifest.nodes.values()].filter(({ kind, check }) => kind !== 'test' && !check);
  const schemas = [...new Set(nodes.flatMap(({ relation }) => relation?.schema ?? []))];
  await using warehouse = await openToRead(project);
  const tables = await readCatalog(warehouse, adapter.dialect, schemas);
  const wanted =
    isSelecting(options) && options.compile !== false
      ? chosenOf(nodes, selectNodes(project, options))
      : nodes;
  const hasModels = nodes.some(({ model }) => model?.does === 'makes');
  const registry = registryTables(adapter.dialect, statePlace(adapterSettings));
  const versions = hasModels
    ? await warehouse.use((connection) => readRegistry(connection, adapter.dialect, registry))
    : { versions: [] };
  return { catalog: catalogOf(wanted, tables), versions: versions.versions };
}

const isSelecting = ({
  select = [],
  models = [],
  exclude = [],
  selector,
}: SelectOptions): boolean =>
  select.length + models.length + exclude.length > 0 || selector !== undefined;

const chosenOf = (nodes: readonly Node[], chosen: ReadonlySet<NodeId>): Node[] =>
  nodes.filter(({ id }) => chosen.has(id));

/** What the page is made of besides the project. */
interface Known {
  readonly compiled: ReadonlyMap<NodeId, string>;
  readonly found: Found | undefined;
  readonly lineage: ColumnLineage | undefined;
}

async function writePage(
  project: LoadedProject,
  { compiled, found, lineage }: Known,
  options: DocsOptions,
): Promise<string> {
  const { manifest, graph, settings, adapter, now, startedAt } = project;
  await using source = await openToPlan(project);
  const nodes = docsNodes({
    ...{ manifest, graph, compiled, catalog: found?.catalog },
    states: source.state.ledger.states,
    lineage,
    versions: found?.versions ?? [],
    results: lastResults(settings.targetDir),
  });
  const page = docsPage(
    {
      project: manifest.projectName,
      target: settings.target.name,
      adapter: adapter.name,
      generatedAt: now(),
      overview: manifest.docs.find(
        ({ name, packageName }) => name === '__overview__' && packageName === manifest.projectName,
      )?.text,
      asOfEnd: asOfEnd(undefined, settings.project.config.timezone, startedAt),
      nodes,
    },
    readParts(),
  );
  const names = ['index.html', ...(options.isStatic ? ['static_index.html'] : [])];
  for (const name of names) writeFileSync(join(settings.targetDir, name), page);
  return join(settings.targetDir, 'index.html');
}

/** Beside `src` and `dist` alike. */
const PARTS = join(import.meta.dirname, '../../docs_page');

function readParts() {
  const read = (name: string) => readFileSync(join(PARTS, name), 'utf8');
  const scripts = readdirSync(PARTS)
    .filter((name) => name.endsWith('.js'))
    .sort();
  return {
    html: read('page.html'),
    style: read('page.css'),
    script: `(() => {\n${scripts.map(read).join('\n')}\nmain();\n})();`,
  };
}

interface LastResult {
  readonly unique_id: string;
  readonly status: string;
  readonly message: string | null;
}

/** What the last run said; nothing where there was none, or its file cannot be read. */
function lastResults(targetDir: string): ReadonlyMap<string, LastResult> {
  try {
    const text = readFileSync(join(targetDir, 'run_results.json'), 'utf8');
    const { results } = JSON.parse(text) as { readonly results: readonly LastResult[] };
    return new Map(results.map((result) => [result.unique_id, result]));
  } catch {
    return new Map();
  }
}
