import type {
  Distinct,
  Expression,
  JoinType,
  Query,
  Recursion,
  Select,
  SetOperation,
  Source,
} from '../../sql/tree.ts';
import { literal } from './names.ts';
import {
  type FunctionKinds,
  orderings,
  readCall,
  readExpression,
  type TreeReader,
} from './read-expression.ts';
import { createPlaces, type Json, nameOf, node, nodes, text, texts } from './read-tree-json.ts';

type Ask = (sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;

/**
 * The tree of one SELECT by DuckDB's own parser; nothing is looked up in the catalog. Undefined for what it
 * cannot write down: PIVOT, several statements, text that is no SELECT. `others` are functions of another engine, for
 * which the text is written.
 */
export async function parseQuery(
  sql: string,
  ask: Ask,
  others?: FunctionKinds,
): Promise<Query | undefined> {
  const [row] = await ask(`select json_serialize_sql(${literal(sql)})::varchar as tree`);
  const tree = JSON.parse(text(row?.['tree'])) as Json;
  const statements = nodes(tree['statements']);
  if (tree['error'] === true || statements.length !== 1) return undefined;
  known ??= functionKinds(ask);
  const own = await known.catch((error: unknown) => {
    known = undefined;
    throw error;
  });
  const functions = others ? bothKinds(own, others) : own;
  const reader: TreeReader = {
    at: createPlaces(sql),
    functions,
    query: (statement) => readQuery(node(statement['node']) ?? {}, reader),
  };
  return reader.query(statements[0] as Json);
}

/** What is an aggregate in one of two engines counts as one. */
const bothKinds = (one: FunctionKinds, other: FunctionKinds): FunctionKinds => ({
  aggregate: new Set([...one.aggregate, ...other.aggregate]),
  volatile: new Set([...one.volatile, ...other.volatile]),
});

/** One list a process: it takes 70 ms to read, a tree one, and all sessions are of one engine. */
let known: Promise<FunctionKinds> | undefined;

/** The engine's own list: an aggregate looks like any other call in the tree. */
async function functionKinds(ask: Ask): Promise<FunctionKinds> {
  const rows =
    await ask(`select distinct lower(function_name) as name, function_type = 'aggregate' as aggregate
from duckdb_functions() where function_type = 'aggregate' or stability <> 'CONSISTENT'`);
  const named = (aggregate: boolean) =>
    new Set(rows.filter((row) => row['aggregate'] === aggregate).map(({ name }) => text(name)));
  return { aggregate: named(true), volatile: named(false) };
}

function readQuery(json: Json, reader: TreeReader): Query {
  const modifiers = nodes(json['modifiers']);
  const find = (pattern: RegExp) => modifiers.find(({ type }) => pattern.test(text(type)));
  const distinct = find(/^DISTINCT/);
  const limit = find(/^LIMIT/);
  const bound = node(limit?.['limit']) ?? node(limit?.['offset']);
  return {
    ctes: nodes(node(json['cte_map'])?.['map']).map(({ key, value }) => ({
      name: text(key),
      columnAliases: texts(node(value)?.['aliases']),
      query: reader.query(node(node(value)?.['query']) ?? {}),
    })),
    body: readBody(json, reader),
    distinct: distinct && readDistinct(distinct, reader),
    orderBy: orderings(find(/^ORDER/)?.['orders'], reader),
    limit: limit && { at: reader.at(bound?.['query_location']) },
  };
}

const readDistinct = (json: Json, reader: TreeReader): Distinct => ({
  on: expressions(json['distinct_on_targets'], reader),
});

const expressions = (list: unknown, reader: TreeReader): Expression[] =>
  nodes(list).map((json) => readExpression(json, reader));

const optional = (json: unknown, reader: TreeReader): Expression | undefined => {
  const found = node(json);
  return found && readExpression(found, reader);
};

function readBody(json: Json, reader: TreeReader): Select | SetOperation | Recursion {
  const side = (name: 'left' | 'right') => readQuery(node(json[name]) ?? {}, reader);
  if (json['type'] === 'SET_OPERATION_NODE') {
    const words = text(json['setop_type']).toLowerCase();
    return {
      kind: 'set',
      operation: words.startsWith('union') ? 'union' : words === 'except' ? 'except' : 'intersect',
      all: json['setop_all'] === true,
      byName: words.endsWith('by_name'),
      left: side('left'),
      right: side('right'),
    };
  }
  if (json['type'] === 'RECURSIVE_CTE_NODE') {
    const name = text(json['cte_name']);
    return { kind: 'recursion', name, left: side('left'), right: side('right') };
  }
  return readSelect(json, reader);
}

function readSelect(json: Json, reader: TreeReader): Select {
  const from = node(json['from_table']);
  return {
    kind: 'select',
    items: nodes(json['select_list']).map((item) => ({
      expression: readExpression(item, reader),
      alias: nameOf(item['alias']),
    })),
    from: from && readSource(from, reader),
    where: optional(json['where_clause'], reader),
    groupBy: expressions(json['group_expressions'], reader),
    groupsByAll: json['aggregate_handling'] === 'FORCE_AGGREGATES',
    hasGroupingSets: nodes(json['group_sets']).length > 1,
    having: optional(json['having'], reader),
    qualify: optional(json['qualify'], reader),
    samples: node(json['sample']) !== undefined,
  };
}

function readSource(json: Json, reader: TreeReader): Source {
  const named = {
    at: reader.at(json['query_location']),
    alias: nameOf(json['alias']),
    columnAliases: texts(json['column_name_alias']),
  };
  const samples = node(json['sample']) !== undefined;
  switch (json['type']) {
    case 'EMPTY':
      return { kind: 'nothing' };
    case 'BASE_TABLE': {
      const path = ['catalog_name', 'schema_name', 'table_name'].map((key) => text(json[key]));
      return { kind: 'table', ...named, samples, path: path.filter((part) => part !== '') };
    }
    case 'SUBQUERY':
      return { kind: 'subquery', ...named, samples, query: reader.query(json['subquery'] as Json) };
    case 'TABLE_FUNCTION': {
      const call = { at: named.at, ...readCall(json['function'] as Json, reader) };
      return { kind: 'function', ...named, samples, call };
    }
    case 'EXPRESSION_LIST': {
      const rows = Array.isArray(json['values']) ? json['values'] : [];
      return { kind: 'values', ...named, rows: rows.map((row) => expressions(row, reader)) };
    }
    case 'JOIN':
      return readJoin(json, reader);
    default:
      return { kind: 'other', ...named, what: text(json['type']).toLowerCase() };
  }
}

const JOIN_TYPES: Readonly<Record<string, JoinType>> = {
  INNER: 'inner',
  LEFT: 'left',
  RIGHT: 'right',
  OUTER: 'full',
  FULL: 'full',
  SEMI: 'semi',
  ANTI: 'anti',
};

function readJoin(json: Json, reader: TreeReader): Source {
  return {
    kind: 'join',
    at: reader.at(json['query_location']),
    type: JOIN_TYPES[text(json['join_type'])] ?? 'other',
    asof: json['ref_type'] === 'ASOF',
    natural: json['ref_type'] === 'NATURAL',
    positional: json['ref_type'] === 'POSITIONAL',
    using: texts(json['using_columns']),
    condition: optional(json['condition'], reader),
    left: readSource(node(json['left']) ?? {}, reader),
    right: readSource(node(json['right']) ?? {}, reader),
  };
}
