import type { Relation } from '../../core/relation.ts';
import { isJinjaObject, isTruthy } from '../python/types.ts';
import { type JinjaObject, toText, type Value } from '../value.ts';
import { recordValue, signedFunctions } from './record-value.ts';

/** A relation in a template: prints as SQL, answers dbt's attributes. */
export interface RelationValue extends JinjaObject {
  readonly relation: Relation;
  /** `table`, `view`, `cte`…; undefined when it is not known. */
  readonly relationType: string | undefined;
}

type Part = 'database' | 'schema' | 'identifier';

const PARTS: readonly Part[] = ['database', 'schema', 'identifier'];

type Policy = Readonly<Record<Part, boolean>>;

const ALL: Policy = { database: true, schema: true, identifier: true };

/** What a relation prints: its parts by policy, or a text of its own such as a CTE's name or a subquery. */
interface Shape {
  readonly path: Readonly<Record<Part, string | undefined>>;
  readonly type: string | undefined;
  readonly include: Policy;
  readonly quote: Policy;
  readonly text: string | undefined;
  /** What `.render()` gives in place of what is printed. */
  readonly unfiltered?: string | undefined;
}

/**
 * @param text what it prints as: the quoted name, a CTE's name, or a subquery
 * @param unfiltered what `.render()` gives; `text` when absent
 */
export function relationValue(
  relation: Relation,
  text?: string,
  type?: string,
  unfiltered?: string,
): RelationValue {
  const path = {
    database: relation.database,
    schema: relation.schema === '' ? undefined : relation.schema,
    identifier: relation.name === '' ? undefined : relation.name,
  };
  return relationOf({ path, type, include: ALL, quote: ALL, text, unfiltered });
}

/** A text that is just the quoted name follows the policies; any other, such as a subquery's, stays. */
const plain = (shape: Shape): Shape =>
  shapeText({ ...shape, text: undefined }) === shape.text ? { ...shape, text: undefined } : shape;

/** The relation a template's value stands for; undefined when it is none. */
export function asRelation(value: Value): RelationValue | undefined {
  return isJinjaObject(value) && 'relation' in value ? (value as RelationValue) : undefined;
}

export const quoted = (identifier: string): string => `"${identifier.replaceAll('"', '""')}"`;

function shapeText({ path, include, quote, text }: Shape): string {
  if (text !== undefined) return text;
  return PARTS.flatMap((part) => {
    const name = path[part];
    if (name === undefined || name === '' || !include[part]) return [];
    return quote[part] ? quoted(name) : name;
  }).join('.');
}

function relationOf(shape: Shape): RelationValue {
  const { path, type } = shape;
  const relation: Relation = {
    ...(path.database === undefined ? {} : { database: path.database }),
    schema: path.schema ?? '',
    name: path.identifier ?? '',
  };
  return {
    jinjaType: 'Relation',
    isMapping: true,
    relation,
    relationType: type,
    getAttribute: (name) => attributeOf(shape, name) ?? methodOf(shape, name),
    toString: () => shapeText(shape),
    toRepr: () => `<Relation ${shapeText(shape)}>`,
    isEqual: (other) => {
      const second = asRelation(other);
      return second !== undefined && String(second) === shapeText(shape);
    },
  };
}

/** Attributes are made when one is asked for: relations are many, and most are only printed. */
const ATTRIBUTES: Readonly<Record<string, (shape: Shape) => Value>> = {
  database: ({ path }) => path.database ?? null,
  schema: ({ path }) => path.schema ?? null,
  identifier: ({ path }) => path.identifier ?? null,
  name: ({ path }) => path.identifier ?? null,
  table: ({ path }) => path.identifier ?? null,
  type: ({ type }) => type ?? null,
  path: ({ path }) =>
    recordValue('Path', {
      database: path.database ?? null,
      schema: path.schema ?? null,
      identifier: path.identifier ?? null,
    }),
  include_policy: ({ include }) => recordValue('Policy', include),
  quote_policy: ({ quote }) => recordValue('Policy', quote),
  quote_character: () => '"',
  is_table: ({ type }) => type === 'table',
  is_view: ({ type }) => type === 'view',
  is_cte: ({ type }) => type === 'cte',
  is_pointer: ({ type }) => type === 'pointer_table',
  is_materialized_view: ({ type }) => type === 'materialized_view',
  can_be_renamed: ({ type }) => type === 'table' || type === 'view',
  can_be_replaced: ({ type }) => type === 'table' || type === 'view',
};

const attributeOf = (shape: Shape, name: string): Value =>
  Object.hasOwn(ATTRIBUTES, name) ? ATTRIBUTES[name]?.(shape) : undefined;

function methodOf(shape: Shape, name: string): Value {
  const made = Object.hasOwn(RELATION_METHODS, name) ? RELATION_METHODS[name] : undefined;
  return made && signedFunctions({ [name]: [made[0], (given) => made[1](shape, given)] })[name];
}

type Given = Readonly<Record<string, Value>>;

const RELATION_METHODS: Readonly<
  Record<string, readonly [string, (shape: Shape, given: Given) => Value]>
> = {
  render: ['', (shape) => shape.unfiltered ?? shapeText(shape)],
  include: [
    'database? schema? identifier?',
    (shape, given) => relationOf({ ...plain(shape), include: policy(shape.include, given) }),
  ],
  quote: [
    'database? schema? identifier?',
    (shape, given) => relationOf({ ...plain(shape), quote: policy(shape.quote, given) }),
  ],
  incorporate: ['path? type? **kwargs', (shape, given) => relationOf(incorporated(shape, given))],
  replace_path: ['**kwargs', (shape, { kwargs }) => relationOf(replaced(shape, entriesOf(kwargs)))],
  without_identifier: ['', (shape) => relationOf(replaced(shape, { identifier: null }))],
  information_schema: [
    'view_name?',
    (shape, { view_name }) => informationSchema(shape, view_name ?? null),
  ],
  information_schema_only: ['', (shape) => informationSchema(shape, null)],
  quoted: ['identifier', (_, { identifier }) => quoted(toText(identifier))],
  get: [
    'key default?',
    (shape, given) => partOf(shape, toText(given['key'])) ?? given['default'] ?? null,
  ],
  matches: ['database? schema? identifier?', (shape, given) => matches(shape, given)],
};

/** By `get` alone a relation says what it is: packages know a relation from other mappings by that. */
const partOf = (shape: Shape, key: string): Value =>
  key === 'metadata' ? new Map([['type', 'Relation']]) : attributeOf(shape, key);

function policy(before: Policy, given: Given): Policy {
  const changed = PARTS.flatMap((part) => {
    const value = given[part];
    return value === undefined || value === null ? [] : [[part, isTruthy(value)] as const];
  });
  return { ...before, ...Object.fromEntries(changed) };
}

const entriesOf = (value: Value): Given =>
  value instanceof Map
    ? Object.fromEntries([...value].map(([key, item]) => [toText(key), item]))
    : {};

/** A relation of another path or type. A text of its own stays with the path it was made for. */
function replaced(shape: Shape, parts: Given): Shape {
  const changes = PARTS.filter((part) => Object.hasOwn(parts, part)).map((part) => {
    const value = parts[part];
    return [part, value === undefined || value === null ? undefined : toText(value)];
  });
  if (changes.length === 0) return shape;
  const path = { ...shape.path, ...Object.fromEntries(changes) };
  return { ...shape, path, text: undefined, unfiltered: undefined };
}

function incorporated(shape: Shape, given: Given): Shape {
  const type = given['type'];
  const withPath = replaced(shape, entriesOf(given['path']));
  return type === undefined || type === null ? withPath : { ...withPath, type: toText(type) };
}

/** `"db".information_schema.tables` without quotes but for the database, as dbt writes it. */
function informationSchema(shape: Shape, view: Value): Value {
  const path = {
    database: shape.path.database,
    schema: 'INFORMATION_SCHEMA',
    identifier: view === null ? undefined : toText(view),
  };
  const quote = { database: true, schema: false, identifier: false };
  return relationOf({ path, type: undefined, include: ALL, quote, text: undefined });
}

/** Names of relations are compared without case, as the engines do. */
function matches({ path }: Shape, given: Given): boolean {
  return PARTS.every((part) => {
    const wanted = given[part];
    if (wanted === undefined || wanted === null) return true;
    return (path[part] ?? '').toLowerCase() === toText(wanted).toLowerCase();
  });
}

const TYPES = ['table', 'view', 'cte', 'materialized_view', 'external', 'ephemeral', 'function'];

/** `api.Relation`: makes relations, knows their types. */
export const relationClass = recordValue(
  'type',
  {
    ...signedFunctions({
      create: [
        'database? schema? identifier? type? quote_policy? include_policy? **kwargs',
        (given) => relationOf(created(given)),
      ],
      create_from: ['quoting relation_config **kwargs', (given) => given['relation_config']],
    }),
    Table: 'table',
    View: 'view',
    CTE: 'cte',
    MaterializedView: 'materialized_view',
    External: 'external',
    get_relation_type: recordValue(
      'RelationType',
      Object.fromEntries(
        TYPES.map((type) => [
          type.replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase()),
          type,
        ]),
      ),
    ),
  },
  { toString: () => "<class 'Relation'>" },
);

function created(given: Given): Shape {
  const path = { database: undefined, schema: undefined, identifier: undefined };
  const shape: Shape = { path, type: undefined, include: ALL, quote: ALL, text: undefined };
  const named = incorporated(replaced(shape, given), { type: given['type'] });
  return {
    ...named,
    include: policy(ALL, entriesOf(given['include_policy'])),
    quote: policy(ALL, entriesOf(given['quote_policy'])),
  };
}
