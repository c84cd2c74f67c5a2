import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { earlierRun } from '../../src/api/earlier-run.ts';
import { ConfigError } from '../../src/core/errors.ts';
import type { Manifest, Node, NodeId, Reference } from '../../src/core/node.ts';
import { buildGraph } from '../../src/graph/build-graph.ts';
import { INDIRECT_SELECTIONS } from '../../src/graph/indirect-selection.ts';
import type { EarlierRun } from '../../src/graph/match-state.ts';
import { manifestOf, modelNode } from '../../src/graph/node-fixture.ts';
import { select } from '../../src/graph/select.ts';

/** Recorded answers of `dbt ls`; kept outside of the repository. */
const RECORDS = new URL('../../../shared/reference/dbt/', import.meta.url);
const MANIFEST = new URL('artifacts/021-build-first/manifest.json', RECORDS);

interface Recorded {
  readonly expr: string | null;
  readonly exclude: string | null;
  readonly flags: string;
  readonly exit: number;
  readonly lines: readonly string[];
  readonly messages: readonly string[] | null;
}

interface DbtNode {
  readonly unique_id: string;
  readonly name: string;
  readonly resource_type: string;
  readonly package_name: string;
  readonly original_file_path: string;
  readonly fqn: readonly string[];
  readonly tags?: readonly string[];
  readonly config: Readonly<Record<string, unknown>>;
  readonly relation_name?: string | null;
  readonly depends_on?: { readonly nodes?: readonly string[] };
  readonly patch_path?: string | null;
  readonly version?: number | null;
  readonly latest_version?: number | null;
  readonly test_metadata?: { readonly name: string };
  readonly attached_node?: string | null;
}

describe.skipIf(!existsSync(MANIFEST))(
  'recorded dbt selections (skipped without ../shared)',
  () => {
    if (!existsSync(MANIFEST)) return;
    const dbtNodes = readDbtNodes();
    const graph = buildGraph(toManifest(dbtNodes));
    const definitions = readDefinitions();
    const recorded: Recorded[] = JSON.parse(
      readFileSync(new URL('selectors.json', RECORDS), 'utf8'),
    );
    const earlier = afterDocsGenerate(dbtNodes);

    test('191 records are compared', () => {
      expect(recorded.length).toBe(191);
    });

    test.each(recorded.map((record) => [describeRecord(record), record] as const))(
      '%s',
      (_, record) => {
        const argumentsOf = (flag: string) =>
          new RegExp(`--${flag} (\\S+)`).exec(record.flags)?.slice(1) ?? [];
        const run = () =>
          select(graph, {
            select: [...(record.expr === null ? [] : [record.expr]), ...argumentsOf('models')],
            selector: argumentsOf('selector')[0],
            definitions,
            earlier: record.flags.includes('--state') ? earlier : undefined,
            exclude: record.exclude === null ? [] : [record.exclude],
            indirectSelection: INDIRECT_SELECTIONS.find((mode) =>
              record.flags.includes(`indirect-selection ${mode}`),
            ),
          });
        if (record.exit === 2) {
          expect(run).toThrow(ConfigError);
          return;
        }
        const { selected, unmatched } = run();
        const print = record.flags.includes('--output name') ? nameOf : selectorOf;
        const lines = [...selected]
          .flatMap((id) => dbtNodes.get(id) ?? [])
          .filter(hasType(record.flags));
        // The last line of dbt's advice on --models looks like a node.
        const expected = record.lines.filter((line) => line !== 'parsing.');
        expect(lines.map(print).sort()).toEqual([...expected].sort());
        expect(unmatched.map(warning)).toEqual(
          (record.messages ?? []).filter((message) => message.includes('criterion')),
        );
      },
    );
  },
);

const describeRecord = ({ expr, exclude, flags }: Recorded): string =>
  [expr === null ? '' : `'${expr}'`, exclude && `--exclude '${exclude}'`, flags].join(' ');

const warning = (text: string): string =>
  `[WARNING]: The selection criterion '${text}' does not match any enabled nodes`;

/** The state the records were made with: the same files, and each node compiled without fault. */
const afterDocsGenerate = (dbtNodes: ReadonlyMap<string, DbtNode>): EarlierRun => {
  const folder = fileURLToPath(new URL('.', MANIFEST));
  const entryOf = ({ id }: Node) => dbtNodes.get(id);
  return {
    ...earlierRun(folder, { macros: [], entryOf, targetDir: folder }),
    endedAs: (status) => new Set(status === 'success' ? dbtNodes.keys() : []),
  };
};

const SECTIONS = [
  ...['nodes', 'sources', 'exposures', 'unit_tests'],
  ...['metrics', 'semantic_models', 'saved_queries', 'functions'],
];

function readDefinitions(): Readonly<Record<string, unknown>> {
  const { selectors } = parse(readFileSync(new URL('project/selectors.yml', RECORDS), 'utf8'));
  return Object.fromEntries(selectors.map((one: { name: string }) => [one.name, one]));
}

function readDbtNodes(): Map<string, DbtNode> {
  const manifest: Record<string, object> = JSON.parse(readFileSync(MANIFEST, 'utf8'));
  const all = SECTIONS.flatMap((section): DbtNode[] => Object.values(manifest[section] ?? {}));
  const listed = all.filter(({ resource_type }) => resource_type !== 'operation');
  return new Map(listed.map((node) => [node.unique_id, node]));
}

function toManifest(dbtNodes: ReadonlyMap<string, DbtNode>): Manifest {
  return manifestOf([...dbtNodes.values()].map((node) => toNode(node, dbtNodes)));
}

function toNode(node: DbtNode, all: ReadonlyMap<string, DbtNode>): Node {
  const inputs = (node.depends_on?.nodes ?? []).flatMap((id) => all.get(id) ?? []);
  return modelNode(node.name, [], {
    id: node.unique_id as NodeId,
    kind: node.resource_type,
    packageName: node.package_name,
    path: node.original_file_path,
    fqn: node.fqn,
    tags: node.tags ?? (node.config['tags'] as string[] | undefined) ?? [],
    config: node.config,
    references: inputs.map(referenceTo),
    relation: node.relation_name ? { schema: 'main', name: node.name } : undefined,
    materialized: String(node.config['materialized']),
    check:
      node.resource_type === 'test'
        ? {
            attachedTo: (node.attached_node ?? undefined) as NodeId | undefined,
            severity: 'error',
            judgesDatesAlone: false,
            generic: node.test_metadata && { name: node.test_metadata.name, args: {} },
          }
        : undefined,
    version: node.version
      ? { label: String(node.version), latest: node.version === node.latest_version }
      : undefined,
    ...(LAYER_KINDS.has(node.resource_type)
      ? { answersTo: [{ kind: 'metric' as const, name: node.unique_id }] }
      : {}),
    propertiesPath: node.patch_path?.split('://')[1],
  });
}

const LAYER_KINDS = new Set(['metric', 'semantic_model', 'saved_query']);

function referenceTo({
  unique_id,
  resource_type,
  fqn,
  package_name,
  name,
  version,
}: DbtNode): Reference {
  const span = { file: '', line: 1, column: 1 };
  if (resource_type === 'source') return { kind: 'source', path: fqn.slice(-2), span };
  if (LAYER_KINDS.has(resource_type)) return { kind: 'metric', path: [unique_id], span };
  return { kind: 'ref', path: [package_name, version ? `${name}.v${version}` : name], span };
}

/** The line `dbt ls` prints. */
function selectorOf({ resource_type, fqn, package_name, name, unique_id }: DbtNode): string {
  if (resource_type === 'source') return `source:${[package_name, ...fqn.slice(-2)].join('.')}`;
  if (resource_type === 'exposure' || LAYER_KINDS.has(resource_type)) {
    return `${resource_type}:${package_name}.${name}`;
  }
  if (resource_type === 'unit_test') {
    return `unit_test:${package_name}.${unique_id.split('.').at(-1)}`;
  }
  return fqn.join('.');
}

/** The line `dbt ls --output name` prints. */
function nameOf({ resource_type, fqn, name, version }: DbtNode): string {
  if (resource_type === 'source') return fqn.slice(-2).join('.');
  return resource_type === 'model' && version ? `${name}.v${version}` : name;
}

function hasType(flags: string): (node: DbtNode) => boolean {
  const types = (flag: string) =>
    new Set(
      [...flags.matchAll(new RegExp(`--${flag} (\\w+(?: \\w+)*)`, 'g'))].flatMap(
        (match) => match[1]?.split(' ') ?? [],
      ),
    );
  const included = types('resource-type');
  const excluded = types('exclude-resource-type');
  const all = included.size === 0 || included.has('default');
  if (flags.includes('--models')) return ({ resource_type }) => resource_type === 'model';
  return ({ resource_type }) =>
    included.has('all') ||
    ((all ? resource_type !== 'analysis' : included.has(resource_type)) &&
      !excluded.has(resource_type));
}
