import type { Connection, Dialect, RelationType } from '../adapters/adapter.ts';
import type { Interval } from '../core/interval.ts';
import type { Node, Reference } from '../core/node.ts';
import type { Span } from '../core/span.ts';
import type { ContextScope } from '../jinja/contexts/base-context.ts';
import type { MacroLibrary } from '../jinja/contexts/macro-library.ts';
import type { Compiled, CompileOptions } from './compile.ts';
import type { ConfigLayer } from './resolve-config.ts';

/** A file of the project. */
export interface ProjectSourceFile {
  /** Relative to the project, with '/'. */
  readonly path: string;
  readonly absolutePath: string;
  /** Folders and name below the model, seed or test path: ['staging', 'hk', 'runs']. */
  readonly parts: readonly string[];
  readonly text: string;
}

/** What YAML says of a node, already rendered and checked. */
export interface NodeProperties {
  readonly description: string;
  readonly columns: Node['columns'];
  readonly config: ConfigLayer;
  /** The YAML file and the place of the entry. */
  readonly span: Span;
}

/** Everything a file is read in the light of. */
export interface ParseContext {
  readonly packageName: string;
  readonly scope: ContextScope;
  readonly macros: MacroLibrary;
  readonly folders: ProjectFolders;
  /** Settings of the project file for this place of the tree, weakest first. */
  projectConfig(fqn: readonly string[]): readonly ConfigLayer[];
  propertiesOf(name: string): NodeProperties | undefined;
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
}

/** What a node is built with. All of it runs inside the transaction of its step. */
export interface BuildContext {
  readonly connection: Connection;
  readonly dialect: Dialect;
  readonly existing: RelationType | undefined;
  readonly replace: boolean;
  readonly batch: Interval | undefined;
  readonly folders: ProjectFolders;
  compile(node: Node, options: CompileOptions): Compiled;
  resolve(from: Node, reference: Reference): Node;
}

export interface BuildOutcome {
  readonly rows: number | undefined;
  readonly message: string;
  readonly compiledCode: string | undefined;
}

/** One sort of node that comes from a file of its own: how it is read, and how it is built. */
export interface FileKind {
  readonly name: string;
  /** Which setting of the project file names its folders. */
  readonly folders: 'model-paths' | 'seed-paths' | 'test-paths';
  readonly extension: string;
  /** @throws VeloErrors, ProjectError */
  parse(file: ProjectSourceFile, context: ParseContext): Promise<{ node: Node; enabled: boolean }>;
}

/** How nodes of a kind become rows; tests are run by check-nodes.ts. */
export interface Builder {
  claims(node: Node): boolean;
  build(node: Node, context: BuildContext): Promise<BuildOutcome>;
}
