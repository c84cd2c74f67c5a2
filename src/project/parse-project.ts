import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '../config/settings.ts';
import { didYouMean } from '../core/did-you-mean.ts';
import { collect, ProjectError, type VeloError, VeloErrors } from '../core/errors.ts';
import type { Manifest, Node, NodeId } from '../core/node.ts';
import { baseNames, type ContextScope } from '../jinja/contexts/base-context.ts';
import type { MacroLibrary } from '../jinja/contexts/macro-library.ts';
import { genericTest, type TestEntry } from '../nodes/generic-test.ts';
import { fileKinds } from '../nodes/index.ts';
import type {
  FileKind,
  NodeProperties,
  ParseContext,
  ProjectSourceFile,
} from '../nodes/node-kind.ts';
import { sourceNode } from '../nodes/source.ts';
import { sqlModel } from '../nodes/sql-model.ts';
import { discoverFiles, type FoundFile, partsOf } from './discover-files.ts';
import { projectConfig } from './project-config.ts';
import { readMacros } from './read-macros.ts';
import { type Properties, type PropertiesEntry, readProperties } from './read-properties.ts';
import { renderDeep } from './render-yaml.ts';

export interface Project {
  readonly manifest: Manifest;
  readonly macros: MacroLibrary;
}

/** Name of the node that a query of the command line becomes. */
export const INLINE_NAME = 'inline_query';

/**
 * Reads all files of a project into a manifest. Refs are not resolved yet: the graph does that.
 * @param inline a query to be read as one more model
 * @throws VeloErrors with every fault of every file
 */
export async function parseProject(
  settings: Settings,
  scope: ContextScope,
  inline?: string,
): Promise<Project> {
  const errors: VeloError[] = [];
  const { config } = settings.project;
  const find = (roots: readonly string[]) => discoverFiles(settings.projectDir, roots);
  const macroFiles = find(config['macro-paths']);
  const nodeFiles = new Map(
    (['model-paths', 'seed-paths', 'test-paths'] as const).map((key) => [key, find(config[key])]),
  );
  const macros = readMacros(config.name, macroFiles, errors);
  const yamlFiles = [...macroFiles, ...[...nodeFiles.values()].flat()].filter(({ path }) =>
    /\.ya?ml$/.test(path),
  );
  const properties = readAllProperties(yamlFiles, scope, errors);
  const parser = new NodeParser(settings, scope, macros.library, properties, errors);
  await parser.files(nodeFiles);
  if (inline !== undefined) await parser.inline(inline);
  parser.sources();
  parser.tests();
  if (errors.length > 0) throw new VeloErrors(errors);
  const { nodes, disabled } = parser;
  const manifest = { projectName: config.name, nodes, disabled, macros: macros.infos };
  return { manifest, macros: macros.library };
}

function readAllProperties(
  files: readonly FoundFile[],
  scope: ContextScope,
  errors: VeloError[],
): Properties {
  const names = baseNames(scope);
  const read = files.map(({ path, absolutePath }) =>
    readProperties(path, readFileSync(absolutePath, 'utf8'), names, errors),
  );
  return {
    entries: read.flatMap(({ entries }) => entries),
    sources: read.flatMap(({ sources }) => sources),
  };
}

/** Which section of YAML and of the project file speaks of which kind. */
const SECTIONS = {
  model: { yaml: 'models', project: 'models' },
  seed: { yaml: 'seeds', project: 'seeds' },
  test: { yaml: 'data_tests', project: 'data_tests' },
  source: { yaml: undefined, project: 'sources' },
} as const;

type SectionName = keyof typeof SECTIONS;

/** Collects nodes while the files are read. */
class NodeParser {
  readonly nodes = new Map<NodeId, Node>();
  readonly disabled = new Map<NodeId, Node>();
  private readonly settings: Settings;
  private readonly scope: ContextScope;
  private readonly macros: MacroLibrary;
  private readonly properties: Properties;
  private readonly errors: VeloError[];
  /** Properties by section and name; each is taken out when its node is found. */
  private readonly open: Map<string, PropertiesEntry>;
  private readonly byRefName = new Map<string, Node>();
  private readonly pendingTests: { readonly tested: Node; readonly tests: readonly TestEntry[] }[] =
    [];

  constructor(
    settings: Settings,
    scope: ContextScope,
    macros: MacroLibrary,
    properties: Properties,
    errors: VeloError[],
  ) {
    this.settings = settings;
    this.scope = scope;
    this.macros = macros;
    this.properties = properties;
    this.errors = errors;
    this.open = this.indexProperties();
  }

  async files(found: ReadonlyMap<FileKind['folders'], readonly FoundFile[]>): Promise<void> {
    for (const kind of fileKinds) {
      const files = (found.get(kind.folders) ?? []).filter(
        ({ path }) => path.endsWith(kind.extension) && !path.endsWith('.d.ts'),
      );
      for (const file of files) await this.file(kind, file);
    }
    this.reportOpenProperties();
  }

  sources(): void {
    for (const table of this.properties.sources) {
      const parsed = collect(this.errors, () => sourceNode(table, this.context('source')));
      if (parsed) this.add(parsed, table.tests);
    }
  }

  tests(): void {
    for (const { tested, tests } of this.pendingTests) {
      for (const entry of tests) {
        const parsed = collect(this.errors, () => genericTest(entry, tested, this.context('test')));
        if (parsed) this.add(parsed, []);
      }
    }
  }

  async inline(text: string): Promise<void> {
    const path = `${INLINE_NAME}.sql`;
    await this.parse(sqlModel, { path, absolutePath: path, parts: [INLINE_NAME], text });
  }

  private async file(kind: FileKind, file: FoundFile): Promise<void> {
    const text = readFileSync(file.absolutePath, 'utf8');
    await this.parse(kind, { ...file, parts: partsOf(file), text });
  }

  private async parse(kind: FileKind, source: ProjectSourceFile): Promise<void> {
    const { parts } = source;
    try {
      const parsed = await kind.parse(source, this.context(kind.name as SectionName));
      const section = SECTIONS[kind.name as SectionName].yaml;
      const key = `${section}:${parts.at(-1)}`;
      this.add(parsed, this.open.get(key)?.tests ?? []);
    } catch (error) {
      collect(this.errors, () => {
        throw error;
      });
    } finally {
      this.found.add(`${SECTIONS[kind.name as SectionName].yaml}:${parts.at(-1)}`);
    }
  }

  private readonly found = new Set<string>();

  private add(parsed: { node: Node; enabled: boolean }, tests: readonly TestEntry[]): void {
    const { node, enabled } = parsed;
    const twin = this.twinOf(node);
    if (twin) {
      this.errors.push(duplicateNode(node, twin));
      return;
    }
    if (!enabled) {
      this.disabled.set(node.id, node);
      return;
    }
    this.nodes.set(node.id, node);
    if (node.kind !== 'test') this.byRefName.set(refName(node), node);
    if (tests.length > 0) this.pendingTests.push({ tested: node, tests });
  }

  private twinOf(node: Node): Node | undefined {
    return node.kind === 'test'
      ? this.nodes.get(node.id)
      : (this.byRefName.get(refName(node)) ?? this.disabled.get(node.id));
  }

  private context(section: SectionName): ParseContext {
    const { project, projectDir, targetDir } = this.settings;
    const { yaml, project: tree } = SECTIONS[section];
    const names = baseNames(this.scope);
    return {
      packageName: project.config.name,
      scope: this.scope,
      macros: this.macros,
      projectDir,
      cacheDir: join(targetDir, 'scripts'),
      projectConfig: (fqn) => projectConfig(tree, project.config[tree], fqn, project.yaml, names),
      propertiesOf: (name): NodeProperties | undefined =>
        this.open.get(`${yaml}:${name}`)?.properties,
      renderValues: (values, span) =>
        renderDeep(values, () => span, names) as Readonly<Record<string, unknown>>,
    };
  }

  private indexProperties(): Map<string, PropertiesEntry> {
    const index = new Map<string, PropertiesEntry>();
    for (const entry of this.properties.entries) {
      const key = `${entry.section}:${entry.name}`;
      const first = index.get(key);
      if (first) this.errors.push(duplicateEntry(entry, first));
      else index.set(key, entry);
    }
    return index;
  }

  /** A description of nothing is a typo, and its tests would be lost. */
  private reportOpenProperties(): void {
    const macros = this.macros.packages.get(this.settings.project.config.name);
    for (const [key, { section, name, properties }] of this.open) {
      const exists = section === 'macros' ? macros?.has(name) : this.found.has(key);
      if (exists) continue;
      const known = section === 'macros' ? (macros?.keys() ?? []) : this.namesOf(section);
      const what = section === 'data_tests' ? 'data test' : section.slice(0, -1);
      this.errors.push(
        new ProjectError('unknown-property-target', `there is no ${what} '${name}'`, {
          span: properties.span,
          hint: didYouMean(name, known),
        }),
      );
    }
  }

  private namesOf(section: string): string[] {
    return [...this.found]
      .filter((key) => key.startsWith(`${section}:`))
      .map((key) => key.slice(section.length + 1));
  }
}

const refName = (node: Node): string =>
  node.kind === 'source' ? `source:${node.fqn.slice(-2).join('.')}` : `ref:${node.name}`;

function duplicateNode(node: Node, twin: Node): ProjectError {
  const what = twin.kind === node.kind ? `a ${twin.kind}` : `the ${twin.kind}`;
  return new ProjectError('duplicate-name', `there is ${what} named '${node.name}' already`, {
    span: node.span,
    hint: `the other one is ${twin.span.file}${twin.span.line > 1 ? `:${twin.span.line}` : ''}`,
  });
}

function duplicateEntry(entry: PropertiesEntry, first: PropertiesEntry): ProjectError {
  const { file, line } = first.properties.span;
  return new ProjectError('duplicate-name', `'${entry.name}' is described twice`, {
    span: entry.properties.span,
    hint: `the other description is ${file}:${line}`,
  });
}
