import { join } from 'node:path';
import type { Settings } from '../config/settings.ts';
import { collect, type VeloError, VeloErrors } from '../core/errors.ts';
import type { Manifest } from '../core/node.ts';
import { baseNames, type ContextScope } from '../jinja/contexts/base-context.ts';
import type { MacroLibrary } from '../jinja/contexts/macro-library.ts';
import { genericTest } from '../nodes/generic-test.ts';
import { fileKinds } from '../nodes/index.ts';
import type { FileKind, ParseContext, ProjectSourceFile } from '../nodes/node-kind.ts';
import { sourceNode } from '../nodes/source.ts';
import { sqlModel } from '../nodes/sql-model.ts';
import { type FoundFile, type ProjectFiles, partsOf } from './discover-files.ts';
import { addNode, type NodeCollection } from './node-collection.ts';
import { projectConfig } from './project-config.ts';
import {
  indexProperties,
  type PropertiesIndex,
  reportLeftover,
  sectionsOf,
} from './properties-index.ts';
import { readProjectText } from './read-file.ts';
import { readMacros } from './read-macros.ts';
import { type Properties, readProperties } from './read-properties.ts';
import { renderDeep } from './render-yaml.ts';

/** Name of the node that a query of the command line becomes. */
export const INLINE_NAME = 'inline_query';

export interface ParseOptions {
  /** A query to be read as one more model. */
  readonly inline?: string | undefined;
  /** Called for each file outside the project's folders that is read. */
  noteFile(absolutePath: string): void;
}

/** What is read in, and what has been made of it so far. */
interface Reading {
  readonly settings: Settings;
  readonly scope: ContextScope;
  readonly macros: MacroLibrary;
  readonly properties: PropertiesIndex;
  readonly collection: NodeCollection;
  readonly errors: VeloError[];
  readonly noteFile: ParseOptions['noteFile'];
}

/**
 * Reads all files of a project into a manifest. Refs are not resolved yet: the graph does that.
 * @throws VeloErrors with every fault of every file
 */
export async function parseProject(
  settings: Settings,
  scope: ContextScope,
  files: ProjectFiles,
  { inline, noteFile }: ParseOptions,
): Promise<Manifest> {
  const errors: VeloError[] = [];
  const { name } = settings.project.config;
  const { library, infos } = readMacros(name, files.macros, errors, {
    adapter: scope.target?.type,
  });
  const properties = readAllProperties(files.properties, scope, errors);
  const collection: NodeCollection = {
    nodes: new Map(),
    disabled: new Map(),
    byName: new Map(),
    tests: [],
  };
  const index = indexProperties(properties.entries, errors);
  const reading: Reading = {
    settings,
    scope,
    macros: library,
    properties: index,
    collection,
    errors,
    noteFile,
  };
  for (const kind of fileKinds) {
    const own = files[kind.folders].filter(({ path }) => isOfKind(path, kind));
    for (const file of own) {
      const source = collect(errors, () => sourceFile(file));
      if (source) await parseFile(kind, source, reading);
    }
  }
  if (inline !== undefined) await parseFile(sqlModel, inlineFile(inline), reading);
  reportLeftover(index, library.packages.get(name), errors);
  parseSources(properties, reading);
  parseTests(reading);
  if (errors.length > 0) throw new VeloErrors(errors);
  const { nodes, disabled } = collection;
  return { projectName: name, nodes, disabled, macros: infos };
}

const isOfKind = (path: string, kind: FileKind): boolean =>
  path.endsWith(kind.extension) && !path.endsWith('.d.ts');

function readAllProperties(
  files: readonly FoundFile[],
  scope: ContextScope,
  errors: VeloError[],
): Properties {
  const names = baseNames(scope);
  const read = files.flatMap((file) => {
    const text = collect(errors, () => readProjectText(file));
    return text === undefined ? [] : [readProperties(file.path, text, names, errors)];
  });
  return {
    entries: read.flatMap(({ entries }) => entries),
    sources: read.flatMap(({ sources }) => sources),
  };
}

const sourceFile = (file: FoundFile): ProjectSourceFile => ({
  ...file,
  parts: partsOf(file),
  text: readProjectText(file),
});

const inlineFile = (text: string): ProjectSourceFile => {
  const path = `${INLINE_NAME}.sql`;
  return { path, absolutePath: path, parts: [INLINE_NAME], text };
};

async function parseFile(kind: FileKind, file: ProjectSourceFile, reading: Reading): Promise<void> {
  const { errors, properties, collection } = reading;
  const entry = properties.take(kind.name, file.parts.at(-1) ?? '');
  try {
    const parsed = await kind.parse(file, parseContext(kind.name, reading));
    addNode(parsed, entry?.tests ?? [], collection, errors);
  } catch (error) {
    collect(errors, () => {
      throw error;
    });
  }
}

function parseSources(properties: Properties, reading: Reading): void {
  const { errors, collection } = reading;
  for (const table of properties.sources) {
    const parsed = collect(errors, () => sourceNode(table, parseContext('source', reading)));
    if (parsed) addNode(parsed, table.tests, collection, errors);
  }
}

function parseTests(reading: Reading): void {
  const { errors, collection } = reading;
  const context = parseContext('test', reading);
  for (const { tested, entries } of collection.tests) {
    for (const entry of entries) {
      const parsed = collect(errors, () => genericTest(entry, tested, context));
      if (parsed) addNode(parsed, [], collection, errors);
    }
  }
}

function parseContext(kind: string, reading: Reading): ParseContext {
  const { settings, scope, macros, properties } = reading;
  const { project } = settings;
  const tree = sectionsOf(kind).project;
  const names = baseNames(scope);
  return {
    packageName: project.config.name,
    scope,
    macros,
    folders: projectFolders(settings),
    noteFile: reading.noteFile,
    projectConfig: (fqn) => projectConfig(tree, project.config[tree], fqn, project.yaml, names),
    propertiesOf: (name) => properties.find(kind, name)?.properties,
    renderValues: (values, span) =>
      renderDeep(values, () => span, names) as Readonly<Record<string, unknown>>,
  };
}

/** Where a project's files are. */
export const projectFolders = ({ projectDir, targetDir }: Settings) => ({
  projectDir,
  scriptCacheDir: join(targetDir, 'scripts'),
});
