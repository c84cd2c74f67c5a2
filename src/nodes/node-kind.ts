import type { Connection, Dialect, RelationType } from '../adapters/adapter.ts';
import type { Excerpt } from '../core/excerpt.ts';
import type { Interval } from '../core/interval.ts';
import type { Node, Reference } from '../core/node.ts';
import type { Span } from '../core/span.ts';
import type { ContextScope } from '../jinja/contexts/base-context.ts';
import type { MacroLibrary } from '../jinja/contexts/macro-library.ts';
import type { ModelTools } from '../modeling/model-tools.ts';
import type { BuildMacros } from './build-macros.ts';
import type { CompileOptions } from './compile.ts';
import type { Compiled } from './ctes.ts';
import type { TestEntry } from './generic-test.ts';
import type { ConfigLayer, UnknownConfig } from './resolve-config.ts';

/** A file of the project or of a package. */
export interface ProjectSourceFile {
  /** Relative to its package, with '/'. */
  readonly path: string;
  /** Relative to the project, for messages. */
  readonly shownPath: string;
  readonly absolutePath: string;
  /** Folders and name below the model, seed or test path: ['staging', 'hk', 'runs']. */
  readonly parts: readonly string[];
  readonly text: string;
}

/** What YAML says of a node, already rendered and checked. */
export interface NodeProperties {
  /** Differs from the file's name for a versioned model. */
  readonly name: string;
  readonly description: string;
  readonly docBlocks: readonly string[];
  readonly columns: Node['columns'];
  readonly config: ConfigLayer;
  /** Tests written under it. */
  readonly tests: readonly TestEntry[];
  readonly version?: VersionProperties | undefined;
  /** The YAML file, relative to its package. */
  readonly path: string;
  /** The place of the entry. */
  readonly span: Span;
  /** The whole entry. */
  readonly entry: Readonly<Record<string, unknown>>;
}

/** One version of a model, as its YAML declares it. */
export interface VersionProperties {
  readonly v: string | number;
  readonly latest: string | number;
}

/** An entry of YAML that is a node, or several, without a file of its own. */
export interface YamlEntry {
  /** Checked against the schema, settings rendered. */
  readonly value: Readonly<Record<string, unknown>>;
  /** As written. */
  readonly raw: Readonly<Record<string, unknown>>;
  /** The YAML file, relative to its package. */
  readonly path: string;
  /** The whole text of that file. */
  readonly fileText: string;
  /** Folders of the file below the model path. */
  readonly folders: readonly string[];
  /** Its description, docs blocks filled in. */
  readonly described: Described;
  spanOf(path: readonly (string | number)[], key?: string): Span;
  /** Columns and tests of the entry, or of what stands at `path` in it. */
  propertiesAt(path: readonly (string | number)[]): NodeProperties;
  /** Settings under `config:` at `path`, with those that dbt also takes beside it. */
  configAt(path: readonly (string | number)[]): ConfigLayer;
}

export interface Described {
  readonly description: string;
  readonly docBlocks: readonly string[];
}

/** A node as its kind read it. */
export interface ParsedNode {
  readonly node: Node;
  readonly enabled: boolean;
  /** Tests YAML lists under it. */
  readonly tests?: readonly TestEntry[] | undefined;
}

/** Layers of settings around those of the node itself. */
export interface ProjectLayers {
  /** Of the project file of the node's own package. */
  readonly own: readonly ConfigLayer[];
  /** Of the root project, for nodes of packages: they win. */
  readonly root: readonly ConfigLayer[];
}

/** Everything a file is read in the light of. */
export interface ParseContext {
  /** Kind of what is read. */
  readonly kind: string;
  readonly packageName: string;
  readonly scope: ContextScope;
  readonly macros: MacroLibrary;
  readonly folders: ProjectFolders;
  readonly unknownConfig: UnknownConfig;
  /** Settings of the project files for this place of the tree, each list weakest first. */
  projectConfig(fqn: readonly string[]): ProjectLayers;
  /** What YAML says of the file or block called `name`. */
  propertiesOf(name: string): NodeProperties | undefined;
  /** Versions of the model called `name`, as its YAML lists them; empty when it has none. */
  versionsOf(name: string): readonly (string | number)[];
  /** A file of rows for unit tests, by its name without the ending. @throws ProjectError when it cannot be read */
  fixture(name: string): ProjectSourceFile | undefined;
  /** Tells of a file outside the project's folders that was read: the node changes with it. */
  noteFile(absolutePath: string): void;
  /** Renders the templates in settings that do not come from YAML, such as a TypeScript model's config. */
  renderValues(
    values: Readonly<Record<string, unknown>>,
    span: Span,
  ): Readonly<Record<string, unknown>>;
}

/** Where a project's files are, absolute. */
export interface ProjectFolders {
  readonly projectDir: string;
  /** Folder for compiled TypeScript models. */
  readonly scriptCacheDir: string;
  /** Folder of trained models. */
  readonly artifactsDir: string;
  /** Folder for what was in archives. */
  readonly unpackedDir: string;
}

/** What a node is built with. All of it runs inside the transaction of its step. */
export interface BuildContext {
  readonly connection: Connection;
  readonly dialect: Dialect;
  readonly existing: RelationType | undefined;
  readonly replace: boolean;
  readonly batch: Interval | undefined;
  /** What `is_incremental()` says where that does not follow from `existing` and `replace`. */
  readonly isIncremental?: boolean | undefined;
  /** What is read of inputs; all when absent. */
  readonly excerpt?: Excerpt | undefined;
  readonly folders: ProjectFolders;
  readonly macros: BuildMacros;
  /** For nodes that make or use models. */
  readonly models: ModelTools;
  compile(node: Node, options: CompileOptions): Promise<Compiled>;
  resolve(from: Node, reference: Reference): Node;
}

export interface BuildOutcome {
  readonly rows: number | undefined;
  /** Rows that made room for them; undefined where that is not known. */
  readonly removed?: number | undefined;
  readonly message: string;
  readonly compiledCode: string | undefined;
  /** Tells of what is true only once it is committed, or was not to be. */
  readonly tell?: ((isCommitted: boolean) => void) | undefined;
}

/** What YAML and the project file say of a kind of node. */
export interface KindSettings {
  readonly name: string;
  /** Key of a properties file whose entries speak of it. */
  readonly section: string;
  /** Keys of the project file with settings for it, the weakest first. */
  readonly trees: readonly SettingsTree[];
}

export type SettingsTree =
  | 'models'
  | 'seeds'
  | 'snapshots'
  | 'tests'
  | 'data_tests'
  | 'analyses'
  | 'functions'
  | 'sources'
  | 'exposures'
  | 'unit_tests'
  | 'metrics'
  | 'semantic-models'
  | 'saved-queries';

/** One sort of node that comes from a file of its own: how it is read, and how it is built. */
export interface FileKind extends KindSettings {
  /** Which setting of the project file names its folders. */
  readonly folders: NodeFolders;
  readonly extension: string;
  /** @throws VeloErrors, ProjectError */
  parse(file: ProjectSourceFile, context: ParseContext): Promise<readonly ParsedNode[]>;
}

/** Settings of the project file that name folders with nodes in them. */
export type NodeFolders =
  | 'model-paths'
  | 'seed-paths'
  | 'test-paths'
  | 'snapshot-paths'
  | 'analysis-paths'
  | 'function-paths';

/** One sort of node that is an entry of YAML. */
export interface YamlKind extends KindSettings {
  /** @throws VeloErrors, ProjectError */
  parse(entry: YamlEntry, context: ParseContext): readonly ParsedNode[];
}

/** How nodes of a kind become rows; tests are run by check-nodes.ts. */
export interface Builder {
  claims(node: Node): boolean;
  build(node: Node, context: BuildContext): Promise<BuildOutcome>;
}
