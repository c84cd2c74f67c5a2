import type { Relation } from '../../core/relation.ts';
import type { JinjaObject, Value } from '../value.ts';

/** A relation in a template: prints as SQL, answers dbt's attributes. */
export interface RelationValue extends JinjaObject {
  readonly relation: Relation;
}

/** @param text what it prints as: the quoted name, a CTE's name, or a subquery */
export function relationValue(relation: Relation, text: string): RelationValue {
  const attributes: Readonly<Record<string, Value>> = {
    database: relation.database ?? null,
    schema: relation.schema,
    identifier: relation.name,
    name: relation.name,
    table: relation.name,
  };
  return {
    jinjaType: 'Relation',
    relation,
    getAttribute: (name) => (Object.hasOwn(attributes, name) ? attributes[name] : undefined),
    toString: () => text,
  };
}

/** An object of fixed attributes, such as `target` or `as_of`. */
export function recordValue(
  jinjaType: string,
  attributes: Readonly<Record<string, Value>>,
): JinjaObject {
  const get = (name: unknown): Value =>
    typeof name === 'string' && Object.hasOwn(attributes, name) ? attributes[name] : undefined;
  return { jinjaType, getAttribute: get, getItem: get, toString: () => `<${jinjaType}>` };
}
