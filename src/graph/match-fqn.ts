import type { Node } from '../core/node.ts';
import { compileGlob, hasWildcard } from './glob.ts';

/**
 * dbt's default method: the name of the node, the first parts of its fqn with or without the package, or a pattern for
 * the rest from the first part with a wildcard on. Sources have a method of their own.
 */
export function matchesFqn(selector: string): (node: Node) => boolean {
  const parts = selector.split('.');
  const firstWild = parts.findIndex(hasWildcard);
  const literal = firstWild < 0 ? parts : parts.slice(0, firstWild);
  const matchesName = compileGlob(selector);
  const matchesRest = compileGlob(parts.slice(literal.length).join('.'));

  const matchesPath = (fqn: readonly string[]): boolean => {
    if (fqn.length < parts.length || literal.some((part, i) => part !== fqn[i])) return false;
    return firstWild < 0 || matchesRest(fqn.slice(firstWild).join('.'));
  };
  const [head] = literal;
  const mayStart = (part = '') =>
    head === undefined || part === head || part.startsWith(`${head}.`);
  return (node) => {
    if (node.kind === 'source') return false;
    const { fqn } = node;
    if (namesOf(fqn, node.version).some(matchesName)) return true;
    if (!mayStart(fqn[0]) && !mayStart(fqn[1])) return false;
    const flat = fqn.flatMap((part) => part.split('.'));
    return matchesPath(flat) || matchesPath(fqn.slice(1).flatMap((part) => part.split('.')));
  };
}

/** A versioned model answers to `name`, `name.v1` and `name_v1`. */
function namesOf(fqn: Node['fqn'], version: Node['version']): readonly string[] {
  if (!version) return fqn.slice(-1);
  return [...fqn.slice(-2, -1), fqn.slice(-2).join('.'), fqn.slice(-2).join('_')];
}
