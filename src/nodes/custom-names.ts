import { type Relation, shortName } from '../core/relation.ts';
import type { Span } from '../core/span.ts';
import { baseNames } from '../jinja/contexts/base-context.ts';
import { nodeContext } from '../jinja/contexts/node-context.ts';
import { parseNames } from '../jinja/contexts/parse-context.ts';
import type { MacroDefinition } from '../jinja/template.ts';
import { toText, toValue, type Value } from '../jinja/value.ts';
import type { ParseContext } from './node-kind.ts';

/** What decides where a node goes in the database. */
export interface NamedNode {
  readonly kind: string;
  readonly name: string;
  readonly packageName: string;
  readonly path: string;
  readonly fqn: readonly string[];
  readonly version?: string | number | undefined;
  readonly tags: readonly string[];
  readonly config: Readonly<Record<string, unknown>>;
  /** Its alias when its config has none. */
  readonly alias?: string;
  readonly span: Span;
}

type Component = 'schema' | 'alias' | 'database';

/** Where a node's rows live, by dbt's rules or by the project's own `generate_…_name` macros. @throws ProjectError */
export function relationOf(node: NamedNode, context: ParseContext): Relation {
  const { target } = context.scope;
  const database = customName('database', node, context, () => {
    const custom = textOf(node.config['database']);
    return custom?.trim() || (target?.database ?? '');
  });
  const schema = customName('schema', node, context, () => {
    const custom = textOf(node.config['schema'])?.trim();
    const base = target?.schema ?? '';
    return custom ? `${base}_${custom}` : base;
  });
  const name = customName('alias', node, context, () => {
    const custom = textOf(node.config['alias'] ?? node.alias)?.trim();
    if (custom) return custom;
    return node.version === undefined ? node.name : `${node.name}_v${node.version}`;
  });
  const fitting = shortName(name, target?.longestName);
  return { ...(database === '' ? {} : { database }), schema, name: fitting };
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;

/** The root project's macro decides, else that of the node's own package, else dbt's default. */
function customName(
  component: Component,
  node: NamedNode,
  context: ParseContext,
  byDefault: () => string,
): string {
  const macro = overriding(`generate_${component}_name`, node.packageName, context);
  if (!macro) return byDefault();
  const layers = [parseNames({ configs: [], references: [] }), baseNames(context.scope)];
  const own = nodeContext(layers, context.macros, macro.packageName);
  const written = node.config[component] ?? (component === 'alias' ? node.alias : undefined);
  const call = {
    args: [written ?? null, describe(node)].map(toValue),
    kwargs: new Map<string, Value>(),
    span: node.span,
    kwargSpan: () => node.span,
    context: own,
  };
  return toText(macro.definition.bind(own).call(call)).trim();
}

interface Overriding {
  readonly packageName: string;
  readonly definition: MacroDefinition;
}

function overriding(
  name: string,
  nodePackage: string,
  { macros, scope }: ParseContext,
): Overriding | undefined {
  for (const packageName of [scope.projectName, nodePackage]) {
    const table = macros.packages.get(packageName);
    for (const prefix of ['', ...macros.adapterTypes.map((type) => `${type}__`), 'default__']) {
      const definition = table?.get(prefix + name);
      if (definition) return { packageName, definition };
    }
  }
  return undefined;
}

/** The node as dbt hands it to these macros. */
const describe = (node: NamedNode): Readonly<Record<string, unknown>> => ({
  name: node.name,
  resource_type: node.kind,
  package_name: node.packageName,
  path: node.path,
  original_file_path: node.path,
  fqn: node.fqn,
  tags: node.tags,
  version: node.version ?? null,
  config: node.config,
  meta: node.config['meta'] ?? {},
});
