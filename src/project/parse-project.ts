import type { Settings } from '../config/settings.ts';
import { collect, type VeloError } from '../core/errors.ts';
import { INLINE_NAME } from '../core/inline-name.ts';
import type { Group, Manifest, Node } from '../core/node.ts';
import { baseNames, type ContextScope } from '../jinja/contexts/base-context.ts';
import type { MacroLibrary } from '../jinja/contexts/macro-library.ts';
import { genericTest } from '../nodes/generic-test.ts';
import { fileKinds, yamlKinds } from '../nodes/index.ts';
import type {
  FileKind,
  KindSettings,
  ParseContext,
  ParsedNode,
  ProjectSourceFile,
  YamlKind,
} from '../nodes/node-kind.ts';
import { operationNode } from '../nodes/operation.ts';
import { singularTest } from '../nodes/singular-test.ts';
import { sqlModel } from '../nodes/sql-model.ts';
import { entriesOf } from './cache/yaml-entries.ts';
import { type FoundFile, partsOf } from './discover-files.ts';
import { readGroups } from './groups.ts';
import { indexPackage } from './index-package.ts';
import { addNode, createCollection, type NodeCollection } from './node-collection.ts';
import { createOldSpellings, type OldSpellings } from './old-spellings.ts';
import { projectConfig } from './project-config.ts';
import { projectFolders } from './project-folders.ts';
import { type ProjectPackage, packageScope } from './project-packages.ts';
import type { PropertiesIndex } from './properties-index.ts';
import { type DocIndex, describer, readDocs } from './read-docs.ts';
import { readProjectText } from './read-file.ts';
import type { ReadLog } from './read-log.ts';
import { describeMacros, macroInfos, readMacros } from './read-macros.ts';
import { type PropertiesSource, readProperties } from './read-properties.ts';
import { readSelectors } from './read-selectors.ts';
import { renderDeep } from './render-yaml.ts';
import { runHooks } from './run-hooks.ts';
import { createUnread, isConsequence, type Unread } from './unread.ts';
import { warnOfUnsupportedConstraints } from './unsupported-constraints.ts';
import { type Describe, yamlEntry } from './yaml-entry.ts';

export interface ParseOptions {
  /** A query to be read as one more model. */
  readonly inline?: string | undefined;
  readonly log: ReadLog;
  /** Given when `packages` have only some of their files. */
  readonly rest?: RestOfProject | undefined;
}

/** What the files that are not read say. */
export interface RestOfProject {
  readonly groups: readonly Group[];
  /** YAML files whose entries must all find what they speak of; others speak of files that are not read. */
  readonly complete: ReadonlySet<string>;
}

/** What is read in, and what has been made of it so far. */
interface Reading {
  readonly settings: Settings;
  readonly macros: MacroLibrary;
  readonly docs: DocIndex;
  readonly collection: NodeCollection;
  readonly errors: VeloError[];
  readonly unread: Unread;
  readonly oldSpellings: OldSpellings;
  readonly log: ReadLog;
}

/** A project as far as it could be read. */
export interface ParsedProject {
  readonly manifest: Omit<Manifest, 'warnings'>;
  /** Every fault of every file; with one, the manifest is not whole. */
  readonly errors: readonly VeloError[];
  readonly unread: Unread;
}

/** Hooks of the project have no settings but their own. */
const OPERATION: KindSettings = { name: 'operation', section: '', trees: ['models'] };

/** One package while it is read. */
interface PackageReading {
  readonly package: ProjectPackage;
  readonly scope: ContextScope;
  readonly sources: readonly PropertiesSource[];
  readonly index: PropertiesIndex;
  readonly describe: Describe;
}

/**
 * Reads all files of a project and its packages into a manifest. Refs are not resolved yet: the graph does that.
 * A fault does not hide those of other files.
 */
export async function parseProject(
  settings: Settings,
  scope: ContextScope,
  packages: readonly ProjectPackage[],
  { inline, log, rest }: ParseOptions,
): Promise<ParsedProject> {
  const errors: VeloError[] = [];
  const unread = createUnread();
  const oldSpellings = createOldSpellings(settings.project.config.name);
  const { library, found } = readMacros(settings, packages, errors, unread);
  const docs = readDocs(packages, errors);
  const collection = createCollection();
  const reading: Reading = {
    settings,
    macros: library,
    docs,
    collection,
    errors,
    unread,
    oldSpellings,
    log,
  };
  const read = packages.map((one) => readPackage(one, packageScope(one, settings, scope), reading));
  for (const one of read) await parsePackage(one, reading);
  if (inline !== undefined && read[0]) {
    await parseFile(sqlModel, inlineFile(inline), read[0], reading);
  }
  for (const { index } of read) index.reportLeftover(errors, rest?.complete);
  parseTests(read, reading);
  const groups = read.flatMap((one) => readGroups(one.package.name, one.sources, one.describe));
  collection.checkGroups([...groups, ...(rest?.groups ?? [])], errors);
  const selectors = readSelectors(settings.projectDir, errors);
  const described = describeMacros(macroInfos(found, library), read, errors);
  oldSpellings.tell(scope.warn);
  warnOfUnsupportedConstraints(collection.nodes.values(), scope.warn);
  const { nodes, disabled } = collection;
  const manifest = {
    projectName: settings.project.config.name,
    nodes,
    disabled,
    macros: described,
    docs: [...docs.values()],
    groups,
    selectors,
  };
  return { manifest, errors: errors.filter((error) => !isConsequence(error, unread)), unread };
}

function readPackage(one: ProjectPackage, scope: ContextScope, reading: Reading): PackageReading {
  const { errors, docs, settings, oldSpellings, unread, log } = reading;
  const names = baseNames(scope);
  // Whoever uses a package cannot change how it is written.
  const noteOld = one.isRoot ? oldSpellings.note : () => undefined;
  const notes = { errors, unread, noteOld };
  const sources = one.files.properties.flatMap((file) => {
    log.begin(file.shownPath);
    const text = collect(errors, () => readProjectText(file));
    if (text === undefined) return [];
    log.text(file, text);
    const source = readProperties(file, text, names, notes);
    if (!source) return [];
    log.speaksOf(entriesOf(one.name, source.yaml.value));
    return source;
  });
  log.begin(undefined);
  const rootName = settings.project.config.name;
  const describe = describer(one.name, rootName, docs, names, errors);
  const index = indexPackage(sources, describe, errors);
  return { package: one, scope, sources, index, describe };
}

async function parsePackage(one: PackageReading, reading: Reading): Promise<void> {
  const { files } = one.package;
  for (const kind of fileKinds) {
    for (const file of files[kind.folders].filter(({ path }) => isOfKind(path, kind))) {
      reading.log.begin(file.shownPath);
      const source = collect(reading.errors, () => sourceFile(file, reading.log));
      if (source) await parseFile(kind, source, one, reading);
      else noteUnread(kind, file, one, reading);
    }
  }
  for (const kind of yamlKinds) parseYaml(kind, one, reading);
  reading.log.begin(undefined);
  for (const hook of runHooks(one.package.project)) {
    const context = parseContext(OPERATION, one, reading);
    const node = collect(reading.errors, () => operationNode(hook, context));
    if (node) addNode({ node, enabled: true }, reading.collection, reading.errors);
  }
}

/** What stands in a file that cannot be read is missing nowhere else. */
function noteUnread(kind: FileKind, file: FoundFile, one: PackageReading, reading: Reading): void {
  const stem = partsOf(file).at(-1) ?? '';
  reading.unread.add(stem);
  one.index.see(kind.section, stem);
}

const isOfKind = (path: string, kind: FileKind): boolean =>
  path.endsWith(kind.extension) && !path.endsWith('.d.ts');

function sourceFile(file: FoundFile, log: ReadLog): ProjectSourceFile {
  const text = readProjectText(file);
  log.text(file, text);
  return { ...file, parts: partsOf(file), text };
}

const inlineFile = (text: string): ProjectSourceFile => {
  const path = `${INLINE_NAME}.sql`;
  return { path, shownPath: path, absolutePath: path, parts: [INLINE_NAME], text };
};

async function parseFile(
  kind: FileKind,
  file: ProjectSourceFile,
  one: PackageReading,
  reading: Reading,
): Promise<void> {
  const { errors, collection, unread } = reading;
  const stem = file.parts.at(-1) ?? '';
  one.index.see(kind.section, stem);
  try {
    for (const parsed of await kind.parse(file, parseContext(kind, one, reading))) {
      one.index.see(kind.section, parsed.node.name);
      addNode(parsed, collection, errors);
    }
  } catch (error) {
    unread.add(kind.section === 'snapshots' ? file.text : stem);
    collect(errors, () => {
      throw error;
    });
  }
}

function parseYaml(kind: YamlKind, one: PackageReading, reading: Reading): void {
  const { errors, collection, unread } = reading;
  const context = parseContext(kind, one, reading);
  for (const source of one.sources) {
    reading.log.begin(source.yaml.file);
    const entries = (source.value as Readonly<Record<string, unknown>>)[kind.section];
    for (const index of ((entries as readonly unknown[] | null | undefined) ?? []).keys()) {
      const entry = yamlEntry(source, [kind.section, index], one.describe, errors);
      const parsed = collect(errors, (): readonly ParsedNode[] => kind.parse(entry, context));
      if (!parsed) noteUnreadEntry(kind, entry.value, one, unread);
      for (const node of parsed ?? []) {
        one.index.see(kind.section, node.node.name);
        addNode(node, collection, errors);
      }
    }
  }
}

/** It exists all the same, and so do the tables of a source. */
function noteUnreadEntry(
  kind: YamlKind,
  { name, tables }: Readonly<Record<string, unknown>>,
  one: PackageReading,
  unread: Reading['unread'],
): void {
  one.index.see(kind.section, String(name));
  const named = (tables as readonly { readonly name: string }[] | null | undefined) ?? [];
  for (const known of [String(name), ...named.map((table) => table.name)]) unread.add(known);
}

/** Tests belong to the package whose YAML lists them, which is that of the node they test. */
function parseTests(read: readonly PackageReading[], reading: Reading): void {
  const { errors, collection, log } = reading;
  const contexts = new Map(
    read.map((one) => [one.package.name, parseContext(singularTest, one, reading)] as const),
  );
  for (const { tested, entries } of collection.tests) {
    const context = contexts.get(tested.packageName);
    if (!context) continue;
    log.begin(shownPath(tested, read));
    for (const entry of entries) {
      const parsed = collect(errors, () => genericTest(entry, tested, context));
      if (parsed) addNode(parsed, collection, errors);
    }
  }
}

/** The file of a node, relative to the project. */
const shownPath = ({ packageName, path }: Node, read: readonly PackageReading[]): string => {
  const folder = read.find((one) => one.package.name === packageName)?.package.shownPath;
  return folder ? `${folder}/${path}` : path;
};

function parseContext(kind: KindSettings, one: PackageReading, reading: Reading): ParseContext {
  const { settings, macros, log } = reading;
  const { scope, index } = one;
  const { project, isRoot, name } = one.package;
  const names = baseNames(scope);
  const layersOf = (file: typeof project, fqn: readonly string[]) =>
    kind.trees.flatMap((tree) => projectConfig(tree, file.config[tree], fqn, file.yaml, names));
  return {
    kind: kind.name,
    packageName: name,
    scope,
    macros,
    folders: projectFolders(settings),
    // What dbt takes without a word is no reason not to run its project.
    unknownConfig: project.isVelo ? 'refuse' : scope.warn,
    noteFile: log.imported,
    // Rendered once for all nodes of a folder.
    projectConfig: (fqn) =>
      log.forAll(() => ({
        own: layersOf(project, fqn),
        root: isRoot ? [] : layersOf(settings.project, fqn),
      })),
    propertiesOf(stem) {
      const found = index.find(kind.section, stem);
      log.asked(`${name}:${kind.section}:${stem}`, found?.span.file);
      return found;
    },
    versionsOf: index.versionsOf,
    fixture: (stem) => {
      const found = one.package.files.fixtures.find((file) => partsOf(file).at(-1) === stem);
      return found && sourceFile(found, log);
    },
    renderValues: (values, span) =>
      renderDeep(values, () => span, names) as Readonly<Record<string, unknown>>,
  };
}
