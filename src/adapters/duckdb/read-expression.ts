import type { At, Call, Comparison, Expression, Frame, FrameEnd, Query } from '../../sql/tree.ts';
import { type Json, nameOf, node, nodes, text, texts } from './read-tree-json.ts';

/** What reading a tree needs to know besides the JSON. */
export interface TreeReader {
  /** The place of a `query_location`. */
  at(location: unknown): At;
  /** Reads the query of a subquery, a `{ node }`. */
  query(statement: Json): Query;
  readonly functions: FunctionKinds;
}

/** Names of functions, in lower case. */
export interface FunctionKinds {
  readonly aggregate: ReadonlySet<string>;
  readonly volatile: ReadonlySet<string>;
}

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  COMPARE_EQUAL: '=',
  COMPARE_NOTEQUAL: '<>',
  COMPARE_LESSTHAN: '<',
  COMPARE_LESSTHANOREQUALTO: '<=',
  COMPARE_GREATERTHAN: '>',
  COMPARE_GREATERTHANOREQUALTO: '>=',
  COMPARE_DISTINCT_FROM: 'is distinct from',
  COMPARE_NOT_DISTINCT_FROM: 'is not distinct from',
};

const LOGIC: Readonly<Record<string, 'and' | 'or' | 'not' | 'is null' | 'is not null'>> = {
  CONJUNCTION_AND: 'and',
  CONJUNCTION_OR: 'or',
  OPERATOR_NOT: 'not',
  OPERATOR_IS_NULL: 'is null',
  OPERATOR_IS_NOT_NULL: 'is not null',
};

/** Names that DuckDB's parser leaves looking like columns. */
const BARE_CALLS: ReadonlySet<string> = new Set([
  'current_date',
  'current_time',
  'current_timestamp',
  'localtime',
  'localtimestamp',
]);

export function readExpression(json: Json, reader: TreeReader): Expression {
  const at = reader.at(json['query_location']);
  const inner = (value: unknown): Expression => readExpression(value as Json, reader);
  const type = text(json['type']);
  switch (json['class']) {
    case 'COLUMN_REF':
      return readColumn(texts(json['column_names']), at);
    case 'CONSTANT':
      return { kind: 'constant', at, value: constantOf(node(json['value'])) };
    case 'CAST': {
      const arg = inner(json['child']);
      return { kind: 'cast', at: at ?? arg.at, to: castType(json), arg };
    }
    case 'COMPARISON':
      return compare(COMPARISONS[type], at, inner(json['left']), inner(json['right']));
    case 'BETWEEN': {
      const input = inner(json['input']);
      const above = compare('>=', at, input, inner(json['lower']));
      return logic('and', at, [above, compare('<=', at, input, inner(json['upper']))]);
    }
    case 'CONJUNCTION':
    case 'OPERATOR':
      return readOperator(type, at, nodes(json['children']).map(inner));
    case 'CASE':
      return readCase(json, at, inner);
    case 'FUNCTION':
      return { at, ...readCall(json, reader) };
    case 'WINDOW':
      return readWindow(json, at, reader);
    case 'SUBQUERY':
      return readSubquery(json, at, reader);
    case 'STAR':
      return readStar(json, at, reader);
    case 'LAMBDA': {
      const params = [inner(json['lhs'])].flatMap(lambdaParams);
      return { kind: 'lambda', at, params, body: inner(json['expr']) };
    }
    default:
      return { at, ...plainCall(type || 'unknown', nodes(json['children']).map(inner)) };
  }
}

function readColumn(path: readonly string[], at: At): Expression {
  const [name = ''] = path;
  if (path.length === 1 && BARE_CALLS.has(name.toLowerCase())) {
    return { at, ...plainCall(name, []), isVolatile: true };
  }
  return { kind: 'column', at, path };
}

const plainCall = (name: string, args: readonly Expression[]): Call => ({
  kind: 'call',
  name,
  args,
  isAggregate: false,
  isVolatile: false,
  filter: undefined,
  orderBy: [],
});

/** Numbers that JavaScript cannot hold come as objects: their text is not needed by any analysis. */
function constantOf(value: Json | undefined): string | number | boolean | null {
  if (!value || value['is_null'] === true) return null;
  const held = value['value'];
  if (typeof held === 'string' || typeof held === 'boolean') return held;
  if (typeof held !== 'number') return JSON.stringify(held ?? null);
  const scale = node(node(value['type'])?.['type_info'])?.['scale'];
  return typeof scale === 'number' ? held / 10 ** scale : held;
}

const castType = (json: Json): string => text(node(json['cast_type'])?.['id']).toLowerCase();

const compare = (
  op: Comparison | undefined,
  at: At,
  left: Expression,
  right: Expression,
): Expression =>
  op ? { kind: 'compare', at, op, left, right } : { at, ...plainCall('compare', [left, right]) };

const logic = (
  op: 'and' | 'or' | 'not' | 'is null' | 'is not null',
  at: At,
  args: readonly Expression[],
): Expression => ({ kind: 'logic', at, op, args });

function readOperator(type: string, at: At, args: readonly Expression[]): Expression {
  const op = LOGIC[type];
  if (op) return logic(op, at, args);
  const name = type.replace(/^(?:OPERATOR|COMPARE)_/, '').toLowerCase();
  return { at, ...plainCall(name, args) };
}

function readCase(json: Json, at: At, inner: (value: unknown) => Expression): Expression {
  const branches = nodes(json['case_checks']).map((check) => ({
    when: inner(check['when_expr']),
    gives: inner(check['then_expr']),
  }));
  const otherwise = node(json['else_expr']);
  return { kind: 'case', at, branches, otherwise: otherwise && inner(otherwise) };
}

export function readCall(json: Json, reader: TreeReader): Call {
  const name = text(json['function_name']);
  const key = name.toLowerCase();
  const filter = node(json['filter']);
  return {
    kind: 'call',
    name,
    args: nodes(json['children']).map((child) => readExpression(child, reader)),
    isAggregate: reader.functions.aggregate.has(key),
    isVolatile: reader.functions.volatile.has(key),
    filter: filter && readExpression(filter, reader),
    orderBy: orderings(node(json['order_bys'])?.['orders'], reader),
  };
}

export const orderings = (orders: unknown, reader: TreeReader): Expression[] =>
  nodes(orders).map((order) => readExpression(order['expression'] as Json, reader));

function readWindow(json: Json, at: At, reader: TreeReader): Expression {
  const read = (value: unknown) => {
    const found = node(value);
    return found && readExpression(found, reader);
  };
  const end = (side: 'start' | 'end'): FrameEnd =>
    frameEnd(text(json[side]), read(json[`${side}_expr`]));
  const frame: Frame = {
    unit: unitOf(`${json['start']} ${json['end']}`),
    start: end('start'),
    end: end('end'),
    excludes: json['exclude_clause'] !== 'NO_OTHER',
  };
  const extra = [read(json['offset_expr']), read(json['default_expr'])];
  const args = nodes(json['children']).map((child) => readExpression(child, reader));
  return {
    kind: 'window',
    at,
    name: text(json['function_name']).toLowerCase(),
    args: [...args, ...extra.filter((one) => one !== undefined)],
    filter: read(json['filter_expr']),
    partitionBy: nodes(json['partitions']).map((child) => readExpression(child, reader)),
    orderBy: orderings(json['orders'], reader),
    descends: text(nodes(json['orders'])[0]?.['type']) === 'DESCENDING',
    frame,
  };
}

const unitOf = (ends: string): Frame['unit'] =>
  /ROWS/.test(ends) ? 'rows' : /GROUPS/.test(ends) ? 'groups' : 'range';

function frameEnd(words: string, distance: Expression | undefined): FrameEnd {
  const side = words.includes('PRECEDING')
    ? 'preceding'
    : words.includes('FOLLOWING')
      ? 'following'
      : 'current';
  return { side, distance };
}

function readSubquery(json: Json, at: At, reader: TreeReader): Expression {
  const query = reader.query(json['subquery'] as Json);
  const type = text(json['subquery_type']);
  const child = node(json['child']);
  return {
    kind: 'subquery',
    at,
    use: type === 'SCALAR' ? 'scalar' : type.endsWith('EXISTS') ? 'exists' : 'any',
    op: COMPARISONS[text(json['comparison_type'])],
    operand: child && readExpression(child, reader),
    query,
  };
}

function readStar(json: Json, at: At, reader: TreeReader): Expression {
  return {
    kind: 'star',
    at,
    relation: nameOf(json['relation_name']),
    exclude: [
      ...texts(json['exclude_list']),
      ...nodes(json['qualified_exclude_list']).map(({ column }) => text(column)),
    ],
    replace: nodes(json['replace_list']).map(({ key, value }) => ({
      column: text(key),
      by: readExpression(value as Json, reader),
    })),
    rename: nodes(json['rename_list']).map(({ key, value }) => ({
      from: text(node(key)?.['column']),
      to: text(value),
    })),
    isPattern: node(json['expr']) !== undefined,
  };
}

const lambdaParams = (expression: Expression): string[] =>
  expression.kind === 'column'
    ? [expression.path.join('.')]
    : expression.kind === 'call'
      ? expression.args.flatMap(lambdaParams)
      : [];
