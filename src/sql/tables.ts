import type { Query, Source } from './tree.ts';
import { type Expression, walk } from './tree.ts';

type Path = readonly string[];

/** Tables a query names that are not CTEs of its own, each once, as they are written in FROM. */
export function tablesOf(query: Query): readonly Path[] {
  const found = new Map<string, Path>();
  visitQuery(query, new Set(), (path) => found.set(path.join('.').toLowerCase(), path));
  return [...found.values()];
}

type Visit = (path: Path) => void;

function visitQuery(
  { ctes, body, orderBy }: Query,
  around: ReadonlySet<string>,
  visit: Visit,
): void {
  const names = new Set(around);
  for (const { name, query } of ctes) {
    // A recursive CTE names itself.
    if (query.body.kind === 'recursion') names.add(name.toLowerCase());
    visitQuery(query, names, visit);
    names.add(name.toLowerCase());
  }
  for (const one of orderBy) visitExpression(one, names, visit);
  if (body.kind !== 'select') {
    for (const side of [body.left, body.right]) visitQuery(side, names, visit);
    return;
  }
  if (body.from) visitSource(body.from, names, visit);
  const parts = [body.where, body.having, body.qualify, ...body.groupBy];
  for (const part of [...parts, ...body.items.map(({ expression }) => expression)]) {
    if (part) visitExpression(part, names, visit);
  }
}

function visitExpression(expression: Expression, names: ReadonlySet<string>, visit: Visit): void {
  for (const one of walk(expression))
    if (one.kind === 'subquery') visitQuery(one.query, names, visit);
}

function visitSource(source: Source, names: ReadonlySet<string>, visit: Visit): void {
  if (source.kind === 'join') {
    visitSource(source.left, names, visit);
    visitSource(source.right, names, visit);
    if (source.condition) visitExpression(source.condition, names, visit);
  } else if (source.kind === 'subquery') {
    visitQuery(source.query, names, visit);
  } else if (source.kind === 'function') {
    visitExpression(source.call, names, visit);
  } else if (source.kind === 'table') {
    const isCte = source.path.length === 1 && names.has((source.path[0] ?? '').toLowerCase());
    if (!isCte) visit(source.path);
  }
}
