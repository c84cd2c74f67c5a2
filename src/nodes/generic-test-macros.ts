import { checks } from '../checks/index.ts';
import { didYouMean } from '../core/did-you-mean.ts';
import { ProjectError } from '../core/errors.ts';
import type { Node } from '../core/node.ts';
import { findBare, findIn, INTERNAL } from '../jinja/contexts/macro-library.ts';
import { overrideOf } from '../jinja/contexts/node-context.ts';
import { relationValue } from '../jinja/contexts/relation-value.ts';
import { toValue, type Value } from '../jinja/value.ts';
import { calledMacros } from './code-fingerprint.ts';
import type { TestEntry } from './generic-test.ts';
import { testTemplate } from './generic-test-call.ts';
import type { ParseContext } from './node-kind.ts';
import { type ParsedTemplate, parseTemplateNode } from './parse-template-node.ts';

/** The macro of a test that is not velo's own: of the project, of the named package, or an override of dbt's. */
export function userMacro(
  name: string,
  namespace: string | undefined,
  { macros, packageName }: ParseContext,
): string | undefined {
  const macro = `test_${name}`;
  if (namespace !== undefined) {
    return findIn(macros, namespace, macro) ? `${namespace}.${macro}` : undefined;
  }
  const isOverridden = [macro, `default__${macro}`, 'get_where_subquery', 'get_test_sql'].some(
    (one) => overrideOf(macros, one) !== undefined,
  );
  const found = findBare(macros, packageName, macro);
  return found && (found.packageName !== INTERNAL || isOverridden) ? macro : undefined;
}

/** The macros dbt's template of the test calls; a test that velo alone has calls none. */
export function testMacros(name: string, macro: string | undefined, context: ParseContext) {
  const ids = (names: readonly string[]) =>
    calledMacros({ text: '', names }, context.macros, context.packageName);
  const own = ids([macro ?? `test_${name}`]);
  return own.length === 0 || isSimple(own) ? own : [...own, ...ids(['get_where_subquery'])];
}

/** dbt's plainest tests, which it treats by themselves. */
export const isSimple = ([first, ...others]: readonly string[]): boolean =>
  others.length === 0 && (first === 'macro.dbt.test_not_null' || first === 'macro.dbt.test_unique');

/**
 * What a test's macro says of itself when it is called in the parse phase: settings, and refs of its own. dbt's macros
 * say nothing, so they are not called.
 */
export function parseMacro(
  entry: TestEntry,
  macro: string | undefined,
  values: Readonly<Record<string, unknown>>,
  tested: Node,
  context: ParseContext,
): Pick<ParsedTemplate, 'configs' | 'references'> {
  if (macro === undefined || isInternal(macro, context)) return NOTHING;
  const model = tested.relation ?? { schema: '', name: tested.name };
  const kwargs = new Map<string, Value>([
    ...(entry.column === undefined ? [] : [['column_name', entry.column] as const]),
    ...Object.entries(values).map(([key, value]) => [key, toValue(value)] as const),
    ['model', relationValue(model, `<tested ${tested.name}>`)],
  ]);
  const text = testTemplate(macro, {});
  const names = { _dbt_generic_test_kwargs: kwargs };
  return parseTemplateNode({ ...entry.span, text }, context, names);
}

const isInternal = (macro: string, { macros, packageName }: ParseContext): boolean =>
  findBare(macros, packageName, macro)?.packageName === INTERNAL;

const NOTHING: Pick<ParsedTemplate, 'configs' | 'references'> = { configs: [], references: [] };

export function unknownTest(entry: TestEntry, { macros, packageName }: ParseContext): ProjectError {
  const own = [...macros.packages].flatMap(([name, table]) =>
    [...table.keys()]
      .filter((macro) => macro.startsWith('test_'))
      .map((macro) => `${name === packageName ? '' : `${name}.`}${macro.slice('test_'.length)}`),
  );
  const known = [...checks.all().map(({ name }) => name), ...own];
  return new ProjectError('unknown-test', `there is no generic test '${entry.testName}'`, {
    span: entry.span,
    hint: didYouMean(entry.testName, known) ?? `known tests: ${known.join(', ')}`,
  });
}
