import { ProjectError } from '../core/errors.ts';
import type { Node } from '../core/node.ts';
import type { Span } from '../core/span.ts';
import { parseTemplate, type TemplateBlock } from '../jinja/template.ts';
import { baseNode, configLayers, fileParts, type NodeParts } from './base-node.ts';
import { codeFacts } from './code-fingerprint.ts';
import { snapshotConfig } from './config-schemas.ts';
import { relationOf } from './custom-names.ts';
import { fileChecksum } from './file-checksum.ts';
import type {
  FileKind,
  NodeProperties,
  ParseContext,
  ParsedNode,
  ProjectSourceFile,
  YamlEntry,
  YamlKind,
} from './node-kind.ts';
import { parseTemplateNode } from './parse-template-node.ts';
import { resolveConfig } from './resolve-config.ts';

/** `{% snapshot name %}` blocks in `snapshots/**.sql`, any number in a file. */
export const snapshotBlocks: FileKind = {
  name: 'snapshot',
  section: 'snapshots',
  trees: ['snapshots'],
  folders: 'snapshot-paths',
  extension: '.sql',
  async parse(file, context) {
    const { blocks } = parseTemplate({ file: file.shownPath, text: file.text });
    const own = blocks.filter(({ kind }) => kind === 'snapshot');
    return own.map((block) => blockNode(block, file, context));
  },
};

function blockNode(
  { name, text, span }: TemplateBlock,
  file: ProjectSourceFile,
  context: ParseContext,
): ParsedNode {
  const properties = context.propertiesOf(name);
  const shared = fileParts(file, properties);
  const fqn = [context.packageName, ...file.parts, name];
  const extra = { checksum: fileChecksum(file.text) };
  return snapshotNode({ ...shared, name, fqn, span, text, extra }, properties, context);
}

/** A snapshot declared in YAML, of the rows of `relation`. */
export const snapshotYaml: YamlKind = {
  name: 'snapshot',
  section: 'snapshots',
  trees: ['snapshots'],
  parse(entry, context) {
    const relation = entry.value['relation'];
    if (typeof relation !== 'string') return [];
    const properties = entry.propertiesAt([]);
    const name = String(entry.value['name']);
    const text = `select * from {{ ${relation} }}`;
    return [yamlNode(entry, properties, { name, text }, context)];
  },
};

function yamlNode(
  entry: YamlEntry,
  properties: NodeProperties,
  { name, text }: { readonly name: string; readonly text: string },
  context: ParseContext,
): ParsedNode {
  const parts = {
    name,
    text,
    fqn: [context.packageName, ...entry.folders, name],
    path: entry.path,
    span: entry.spanOf(['relation']),
    described: properties,
    columns: properties.columns,
    propertiesPath: properties.path,
    extra: { path: `${name}.sql`, checksum: fileChecksum(entry.fileText) },
  };
  return snapshotNode(parts, properties, context);
}

interface SnapshotParts
  extends Pick<
    NodeParts,
    'name' | 'fqn' | 'path' | 'described' | 'columns' | 'propertiesPath' | 'extra'
  > {
  readonly span: Span;
  /** The SELECT, without the tags of its block. */
  readonly text: string;
}

function snapshotNode(
  parts: SnapshotParts,
  properties: NodeProperties | undefined,
  context: ParseContext,
): ParsedNode {
  const { name, fqn, text, span } = parts;
  const parsed = parseTemplateNode({ ...span, text }, context);
  const layers = configLayers(context, fqn, properties, parsed.configs);
  const { config, unrendered } = resolveConfig(snapshotConfig, layers, context.unknownConfig);
  const layer = layers.findLast(({ values }) => Object.hasOwn(values, 'strategy'));
  checkStrategy(config, name, layer?.spanOf('strategy') ?? span);
  const { packageName } = context;
  const rules = {
    strategy: config.strategy,
    uniqueKey: config.unique_key,
    updatedAt: config.updated_at,
    checkCols: config.check_cols,
  };
  const code = { text, rendered: parsed.rendered, names: parsed.template.names };
  const named = { ...parts, kind: 'snapshot', packageName, tags: config.tags, config };
  const node: Node = {
    ...baseNode({
      ...parts,
      kind: 'snapshot',
      context,
      config,
      unrendered,
      references: parsed.references,
      relation: relationOf(named, context),
      rawCode: text,
      ...codeFacts(code, rules, context),
    }),
    buildable: true,
    storesRows: true,
    updatesInPlace: true,
  };
  return { node, enabled: config.enabled, tests: properties?.tests };
}

function checkStrategy(config: Readonly<Record<string, unknown>>, name: string, span: Span): void {
  const fail = (message: string, hint: string) =>
    new ProjectError('invalid-config', `snapshot '${name}' ${message}`, { span, hint });
  const needs = { timestamp: 'updated_at', check: 'check_cols' } as const;
  if (config['enabled'] === false) return;
  if (config['strategy'] === null) {
    throw fail('has no strategy', "add strategy='timestamp' or strategy='check'");
  }
  if (config['unique_key'] === null) {
    throw fail('has no unique_key', 'add unique_key: the column or columns that name a row');
  }
  const needed = needs[config['strategy'] as keyof typeof needs];
  if (needed === undefined || (config[needed] ?? null) !== null) return;
  throw fail(`has strategy '${String(config['strategy'])}' but no ${needed}`, `add ${needed}`);
}
