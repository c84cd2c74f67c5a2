import { ConfigError } from '../core/errors.ts';

/** One part of a selector: `2+config.materialized:table+`. */
export interface Criterion {
  readonly text: string;
  readonly method: string;
  /** What follows the method's name: ['meta', 'team'] in `config.meta.team:core`. */
  readonly args: readonly string[];
  readonly value: string;
  /** `@`: also all descendants, and all ancestors of those. */
  readonly childrensParents: boolean;
  /** How many steps up and down are selected too; 0 when no `+` is there, Infinity when it has no number. */
  readonly parentsDepth: number;
  readonly childrenDepth: number;
}

/** Criteria that must all hold. */
export interface Intersection {
  readonly text: string;
  readonly criteria: readonly Criterion[];
}

const CRITERION =
  /^(?<at>@?)(?<parents>(?<up>\d*)\+)?(?:(?<method>[\w.]+):)?(?<value>.*?)(?<children>\+(?<down>\d*))?$/s;

const FILE_ENDINGS = ['.sql', '.csv', '.ts', '.py'];

/**
 * Reads dbt's selector grammar: blanks unite, commas intersect. Every blank counts, as in dbt: two in a row enclose an
 * empty criterion, which matches nothing.
 * @throws ConfigError 'selector-syntax'
 */
export function parseSelector(expressions: readonly string[]): Intersection[] {
  return expressions
    .flatMap((expression) => expression.split(' '))
    .map((text) => ({ text, criteria: text.split(',').map(parseCriterion) }));
}

/** One criterion with its `+` and `@`. @throws ConfigError 'selector-syntax' */
export function parseCriterion(text: string): Criterion {
  const groups = CRITERION.exec(text)?.groups ?? {};
  const { at, parents, up, method: given, value = '', children, down } = groups;
  if (at && children) {
    throw new ConfigError('selector-syntax', `'${text}' has both '@' and a '+' at its end`, {
      hint: "'@' already includes what depends on the node: leave the '+' out",
    });
  }
  const [method = '', ...args] = (given ?? defaultMethod(value)).split('.');
  return {
    text,
    method,
    args,
    value,
    childrensParents: at === '@',
    parentsDepth: depth(parents, up),
    childrenDepth: depth(children, down),
  };
}

function depth(plus: string | undefined, digits: string | undefined): number {
  if (plus === undefined) return 0;
  return digits ? Number(digits) : Infinity;
}

function defaultMethod(value: string): string {
  if (value.includes('/')) return 'path';
  return FILE_ENDINGS.some((ending) => value.toLowerCase().endsWith(ending)) ? 'file' : 'fqn';
}
