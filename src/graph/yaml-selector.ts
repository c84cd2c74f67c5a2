import type { IndirectSelection } from './indirect-selection.ts';
import type { SelectionTree } from './selection-tree.ts';
import { type Criterion, parseCriterion, parseSelector } from './selector-syntax.ts';

type Mapping = Readonly<Record<string, unknown>>;

/** An entry of selectors.yml: its name and its definition. Its shape was checked when the file was read. */
export function definitionTree(entry: unknown): SelectionTree {
  return treeOf((entry as Mapping)['definition']);
}

/** The name of the selector that is used when nothing is selected, if any. */
export function defaultSelector(definitions: Readonly<Record<string, unknown>>) {
  const found = Object.entries(definitions).find(([, entry]) =>
    isOn((entry as Mapping)['default']),
  );
  return found?.[0];
}

/** A text as on the command line, a method with a value, or a set of definitions. */
function treeOf(definition: unknown): SelectionTree {
  if (typeof definition === 'string') return textTree(definition);
  const mapping = definition as Mapping;
  if (mapping['union']) return setTree('union', mapping['union']);
  if (mapping['intersection']) return setTree('intersection', mapping['intersection']);
  if (mapping['method'] !== undefined) return without(methodTree(mapping), mapping['exclude']);
  const [[key, value] = ['', '']] = Object.entries(mapping);
  return criterionTree(parseCriterion(`${key}:${String(value)}`));
}

function textTree(text: string): SelectionTree {
  const parts = parseSelector([text]).map(
    ({ criteria }): SelectionTree => ({ kind: 'intersection', parts: criteria.map(criterionTree) }),
  );
  return { kind: 'union', parts };
}

const criterionTree = (criterion: Criterion): SelectionTree => ({ kind: 'criterion', criterion });

/** An `exclude:` among the members takes away from all of them. */
function setTree(kind: 'union' | 'intersection', list: unknown): SelectionTree {
  const members = list as readonly unknown[];
  const excludes = members.flatMap((one) => (isExclude(one) ? [one.exclude] : []));
  const parts = members.filter((one) => !isExclude(one)).map(treeOf);
  return without({ kind, parts }, excludes.flat());
}

const isExclude = (member: unknown): member is { readonly exclude: unknown } =>
  typeof member === 'object' && member !== null && Object.keys(member).join() === 'exclude';

function without(from: SelectionTree, exclude: unknown): SelectionTree {
  const list = (exclude ?? []) as readonly unknown[];
  return list.length === 0 ? from : { kind: 'difference', from, without: list.map(treeOf) };
}

function methodTree(mapping: Mapping): SelectionTree {
  const [method = '', ...args] = String(mapping['method']).split('.');
  const value = String(mapping['value']);
  const criterion: Criterion = {
    text: `${method}:${value}`,
    method,
    args,
    value,
    childrensParents: isOn(mapping['childrens_parents']),
    parentsDepth: depth(mapping['parents'], mapping['parents_depth']),
    childrenDepth: depth(mapping['children'], mapping['children_depth']),
  };
  const indirect = mapping['indirect_selection'] as IndirectSelection | null | undefined;
  return { kind: 'criterion', criterion, indirectSelection: indirect ?? undefined };
}

const isOn = (value: unknown): boolean => value === true || value === 'true';

function depth(wanted: unknown, steps: unknown): number {
  if (!isOn(wanted)) return 0;
  return steps === undefined || steps === null ? Infinity : Number(steps);
}
