import { expressionText } from '../jinja/expression-text.ts';
import type { CallNode, Expression, NamedArgument, Statement } from '../jinja/nodes.ts';
import type { Template } from '../jinja/template.ts';
import { toPlain } from '../jinja/value.ts';

type Values = Readonly<Record<string, unknown>>;

/**
 * The settings of a template's first config() call as dbt's manifest keeps them unrendered: in a model of nothing but
 * literal calls of ref, source and config the values themselves, elsewhere a string as it is and the rest as text.
 * Undefined when the template itself calls no config().
 */
export function unrenderedConfig(
  { tree, names, source }: Template,
  isModel: boolean,
): Values | undefined {
  if (!names.has('config')) return undefined;
  const call = firstConfigCall(tree.body);
  if (!call) return undefined;
  const plain = isModel && isPlain(tree.body, source.text);
  return Object.fromEntries(
    call.args.named.map(({ name, value }) => [name, plain ? literalOf(value) : textOf(value)]),
  );
}

const textOf = (value: Expression): unknown =>
  value.kind === 'literal' && typeof value.value === 'string' ? value.value : expressionText(value);

function firstConfigCall(body: readonly Statement[]): CallNode | undefined {
  for (const statement of body) {
    const found = configCallIn(statement);
    if (found) return found;
  }
  return undefined;
}

function configCallIn(statement: Statement): CallNode | undefined {
  switch (statement.kind) {
    case 'output':
    case 'do':
      return isCallOf(statement.value, ['config']) ? statement.value : undefined;
    case 'if':
      return firstConfigCall([
        ...statement.branches.flatMap(({ body }) => body),
        ...statement.otherwise,
      ]);
    case 'for':
      return firstConfigCall([...statement.body, ...statement.otherwise]);
    case 'with':
    case 'filter-block':
    case 'set-block':
      return firstConfigCall(statement.body);
    default:
      return undefined;
  }
}

const isCallOf = (node: Expression, names: readonly string[]): node is CallNode =>
  node.kind === 'call' && node.callee.kind === 'name' && names.includes(node.callee.name);

/** What dbt's static parser takes; it knows no statements, no trimmed tags and no lower-case constants. */
function isPlain(body: readonly Statement[], text: string): boolean {
  if (/\{%|\{\{-|-\}\}/.test(text)) return false;
  return body.every(
    (statement) =>
      statement.kind === 'data' ||
      (statement.kind === 'output' && isPlainCall(statement.value, text)),
  );
}

const HOOKS: ReadonlySet<string> = new Set(['pre_hook', 'post_hook']);

function isPlainCall(node: Expression, text: string): boolean {
  if (!isCallOf(node, ['ref', 'source', 'config'])) return false;
  const { positional, named, spread, spreadNamed } = node.args;
  if (spread || spreadNamed) return false;
  const isConfig = isCallOf(node, ['config']);
  if (isConfig && (positional.length > 0 || named.some(({ name }) => HOOKS.has(name))))
    return false;
  const isNamedPlain = ({ name, value }: NamedArgument) =>
    isVersion(name, value) || isPlainValue(value, text);
  return positional.every((value) => isPlainValue(value, text)) && named.every(isNamedPlain);
}

const isVersion = (name: string, value: Expression): boolean =>
  (name === 'v' || name === 'version') && value.kind === 'literal';

function isPlainValue(node: Expression, text: string): boolean {
  if (node.kind === 'list') return node.items.every((item) => isPlainValue(item, text));
  if (node.kind === 'dict') {
    return node.entries.flat().every((part) => isPlainValue(part, text));
  }
  if (node.kind !== 'literal') return false;
  if (typeof node.value === 'boolean') return !/[=,[:]\s*(true|false)\b/.test(text);
  return typeof node.value === 'string';
}

function literalOf(node: Expression): unknown {
  if (node.kind === 'literal') return toPlain(node.value);
  if (node.kind === 'list') return node.items.map(literalOf);
  if (node.kind !== 'dict') return expressionText(node);
  return Object.fromEntries(
    node.entries.map(([key, value]) => [String(literalOf(key)), literalOf(value)]),
  );
}
