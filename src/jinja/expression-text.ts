import type { Arguments, Expression } from './nodes.ts';
import { toRepr } from './python/text.ts';

/** An expression as one would write it again: single quotes, one blank around operators, no brackets that are not needed for calls and lists. */
export function expressionText(node: Expression): string {
  switch (node.kind) {
    case 'literal':
      return toRepr(node.value);
    case 'name':
      return node.name;
    case 'attribute':
      return `${expressionText(node.target)}.${node.name}`;
    case 'item':
      return `${expressionText(node.target)}[${expressionText(node.key)}]`;
    case 'slice': {
      const bounds = [node.start, node.stop, ...(node.step ? [node.step] : [])];
      const text = bounds.map((bound) => (bound ? expressionText(bound) : '')).join(':');
      return `${expressionText(node.target)}[${text}]`;
    }
    case 'call':
      return `${expressionText(node.callee)}(${argumentsText(node.args)})`;
    case 'filter': {
      const args = argumentsText(node.args);
      const target = node.target ? `${expressionText(node.target)} | ` : '';
      return `${target}${node.name}${args === '' ? '' : `(${args})`}`;
    }
    case 'test': {
      const args = argumentsText(node.args);
      return `${expressionText(node.target)} is ${node.name}${args === '' ? '' : `(${args})`}`;
    }
    case 'list':
      return `[${listText(node.items)}]`;
    case 'tuple':
      return `(${listText(node.items)}${node.items.length === 1 ? ',' : ''})`;
    case 'dict':
      return `{${node.entries.map((entry) => entry.map(expressionText).join(': ')).join(', ')}}`;
    case 'binary':
      return joined([node.left, node.right], node.operator);
    case 'unary':
      return `${node.operator}${node.operator === 'not' ? ' ' : ''}${expressionText(node.operand)}`;
    case 'and':
    case 'or':
      return joined([node.left, node.right], node.kind);
    case 'compare': {
      const rest = node.rest.map(({ operator, right }) => `${operator} ${expressionText(right)}`);
      return [expressionText(node.left), ...rest].join(' ');
    }
    case 'concat':
      return joined(node.parts, '~');
    case 'conditional': {
      const otherwise = node.otherwise ? ` else ${expressionText(node.otherwise)}` : '';
      return `${expressionText(node.value)} if ${expressionText(node.condition)}${otherwise}`;
    }
  }
}

const listText = (items: readonly Expression[]): string => items.map(expressionText).join(', ');

const joined = (parts: readonly Expression[], operator: string): string =>
  parts.map(expressionText).join(` ${operator} `);

function argumentsText({ positional, named, spread, spreadNamed }: Arguments): string {
  return [
    ...positional.map(expressionText),
    ...named.map(({ name, value }) => `${name}=${expressionText(value)}`),
    ...(spread ? [`*${expressionText(spread)}`] : []),
    ...(spreadNamed ? [`**${expressionText(spreadNamed)}`] : []),
  ].join(', ');
}
