import type { z } from 'zod';
import { baseNode, type NodeParts } from './base-node.ts';
import type { ParseContext, ParsedNode, YamlEntry } from './node-kind.ts';
import { resolveConfig } from './resolve-config.ts';

/** What a kind of its own adds to an entry's node; `name` and `fqn` are the entry's unless it says otherwise. */
export type OwnParts = Pick<NodeParts, 'references' | 'answersTo' | 'idParts' | 'extra'> &
  Partial<Pick<NodeParts, 'name' | 'fqn'>>;

/** The node of an entry of YAML that stands for no relation. @throws VeloErrors with the faults of its settings */
export function yamlNode(
  kind: string,
  entry: YamlEntry,
  context: ParseContext,
  schema: z.ZodObject,
  own: OwnParts,
): ParsedNode {
  const name = String(entry.value['name']);
  const fqn = own.fqn ?? [context.packageName, ...entry.folders, name];
  const project = context.projectConfig(fqn);
  const layers = [...project.own, entry.configAt([]), ...project.root];
  const { config, unrendered } = resolveConfig(schema, layers, context.unknownConfig);
  const node = baseNode({
    kind,
    name,
    path: entry.path,
    span: entry.spanOf(['name']),
    context,
    described: entry.described,
    config,
    unrendered,
    ...own,
    fqn,
  });
  return { node, enabled: config['enabled'] !== false };
}
