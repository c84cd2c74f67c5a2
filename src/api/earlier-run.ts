import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { changedMacros, type EarlierMacros } from '../artifacts/changed-macros.ts';
import { differs, differsIn, hasPart, type Part } from '../artifacts/compare-entries.ts';
import { contractBreaks } from '../artifacts/contract-breaks.ts';
import { type ManifestEntry, manifestEntries } from '../artifacts/manifest-entries.ts';
import { ConfigError, ProjectError } from '../core/errors.ts';
import type { MacroInfo, Node } from '../core/node.ts';
import type { EarlierRun } from '../graph/match-state.ts';

/** What a project is now, as its artifacts say it. */
export interface ProjectNow {
  readonly macros: readonly MacroInfo[];
  /** What manifest.json would say of a node. */
  entryOf(node: Node): unknown;
  /** Folder of what the last run left. */
  readonly targetDir: string;
}

/** What an earlier run left in a folder, beside what the project is now. velo's artifacts and dbt's are alike. */
export function earlierRun(folder: string, now: ProjectNow): EarlierRun {
  const then = once(() => readManifest(folder));
  const macros = once(() => changedMacros(now.macros, then().macros));
  const callsChanged = (node: Node) => (node.macros ?? []).some((id) => macros().has(id));
  return {
    had: ({ id }) => then().entries.has(id),
    isModified(node, part) {
      const before = then().entries.get(node.id);
      if (part === 'macros') return callsChanged(node);
      const after = JSON.parse(JSON.stringify(now.entryOf(node))) as ManifestEntry;
      if (part !== undefined) return isPartModified(node, part as Part, after, before);
      if (!before) return true;
      refuseBreaks(node, after, before);
      return differs(after, before) || callsChanged(node);
    },
    endedAs: (status) => resultsOf(folder, status),
    fresherSources: () => fresherSources(folder, now.targetDir),
  };
}

function isPartModified(
  node: Node,
  part: Part,
  after: ManifestEntry,
  before: ManifestEntry | undefined,
): boolean {
  if (!before) return hasPart(part, after);
  if (part === 'contract') refuseBreaks(node, after, before);
  return differsIn(part, after, before);
}

/** Who has given a model versions has others rely on each of them. */
function refuseBreaks(node: Node, after: ManifestEntry, before: ManifestEntry): void {
  if (!node.version) return;
  const breaks = contractBreaks(after, before);
  if (breaks.length === 0) return;
  const message = `the contract of version ${node.version.label} of '${node.name}' breaks: ${breaks.join(', ')}`;
  throw new ProjectError('contract-broken', message, {
    span: node.span,
    hint: 'add columns instead, or make a new version of the model',
  });
}

/** A manifest that was written before. */
export interface EarlierManifest {
  readonly entries: ReadonlyMap<string, ManifestEntry>;
  readonly macros: EarlierMacros;
}

/** @throws ConfigError 'file-unreadable' */
export function readManifest(folder: string): EarlierManifest {
  const manifest = readArtifact(join(folder, 'manifest.json'), 'nodes', MANIFEST_HINT);
  return {
    entries: manifestEntries(manifest),
    macros: (manifest['macros'] ?? {}) as EarlierMacros,
  };
}

const MANIFEST_HINT = 'every run of velo or dbt writes manifest.json: keep that of the earlier one';

interface Ended {
  readonly unique_id: string;
  readonly status: string;
}

function resultsOf(folder: string, status: string): ReadonlySet<string> {
  const file = join(folder, 'run_results.json');
  const hint = 'velo build, run and test write run_results.json: keep that of the earlier run';
  const { results } = readArtifact(file, 'results', hint) as { readonly results: readonly Ended[] };
  const ended = results.filter((one) => one.status === status);
  return new Set(ended.map((one) => one.unique_id));
}

/** What is in sources.json of each source; the instant as Python writes it. */
interface SeenSource {
  readonly unique_id: string;
  /** Absent where it could not be found out. */
  readonly max_loaded_at?: string;
}

function fresherSources(folder: string, targetDir: string): ReadonlySet<string> {
  const before = new Map(seenSources(folder).map((one) => [one.unique_id, one]));
  const fresher = seenSources(targetDir).filter((now) => {
    const then = before.get(now.unique_id)?.max_loaded_at;
    if (now.max_loaded_at === undefined) return false;
    return then === undefined || Date.parse(now.max_loaded_at) > Date.parse(then);
  });
  return new Set(fresher.map((one) => one.unique_id));
}

function seenSources(folder: string): readonly SeenSource[] {
  const hint =
    'velo source freshness writes sources.json into the target folder: keep a copy of the earlier one';
  const { results } = readArtifact(join(folder, 'sources.json'), 'results', hint);
  return results as readonly SeenSource[];
}

/** @throws ConfigError 'file-unreadable', also for a file without `key` */
function readArtifact(file: string, key: string, hint: string): Readonly<Record<string, unknown>> {
  try {
    const artifact = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, unknown>>;
    if (artifact[key] === undefined) throw new Error(`it has no '${key}'`);
    return artifact;
  } catch (cause) {
    throw new ConfigError('file-unreadable', `${file} cannot be read`, { hint, cause });
  }
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
