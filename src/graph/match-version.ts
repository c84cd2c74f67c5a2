import { ConfigError } from '../core/errors.ts';
import type { Node } from '../core/node.ts';
import type { Graph } from './build-graph.ts';

const KINDS = ['latest', 'prerelease', 'old', 'none'];

/**
 * `version:latest`, `prerelease` (above the latest), `old` (below it) or `none` (models without versions).
 * @throws ConfigError 'selector-syntax'
 */
export function matchesVersion(value: string, graph: Graph): (node: Node) => boolean {
  if (!KINDS.includes(value)) {
    throw new ConfigError('selector-syntax', `'${value}' is no kind of version`, {
      hint: `known: ${KINDS.join(', ')}`,
    });
  }
  const family = ({ packageName, name }: Node) => `${packageName}.${name}`;
  const latest = new Map(
    [...graph.nodes.values()].flatMap((node) =>
      node.version?.latest ? [[family(node), node.version.label] as const] : [],
    ),
  );
  return (node) => {
    if (node.kind !== 'model') return false;
    return kindOf(node, latest.get(family(node))) === value;
  };
}

function kindOf({ version }: Node, latest: string | undefined): string {
  if (!version) return 'none';
  if (version.latest || latest === undefined) return version.latest ? 'latest' : '';
  return isBelow(version.label, latest) ? 'old' : 'prerelease';
}

/** Labels that are numbers are in the order of numbers, as in dbt. */
function isBelow(label: string, latest: string): boolean {
  const [a, b] = [Number(label), Number(latest)];
  return Number.isNaN(a) || Number.isNaN(b) ? label < latest : a < b;
}
