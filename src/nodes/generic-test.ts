import type { ZodObject } from 'zod';
import type { Check } from '../checks/check.ts';
import { checks } from '../checks/index.ts';
import { didYouMean } from '../core/did-you-mean.ts';
import { ProjectError, VeloErrors } from '../core/errors.ts';
import { hashOf } from '../core/fingerprint.ts';
import type { Node, Reference } from '../core/node.ts';
import { issueText } from '../core/schema-issue.ts';
import type { Span } from '../core/span.ts';
import { findMacro, findOwn, macroNames } from '../jinja/contexts/macro-library.ts';
import { codeFacts } from './code-fingerprint.ts';
import { testConfig } from './config-schemas.ts';
import type { ParseContext } from './node-kind.ts';
import { distinct, parseTemplateNode } from './parse-template-node.ts';
import { type ConfigLayer, resolveConfig } from './resolve-config.ts';
import { genericTestName, testAlias } from './test-name.ts';
import { anyRowDecides, testNode, testRules } from './test-node.ts';

/** A test as YAML lists it under a node or a column. */
export interface TestEntry {
  readonly testName: string;
  readonly name: string | undefined;
  readonly description: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly column: string | undefined;
  readonly config: ConfigLayer;
  readonly span: Span;
}

/** What a generic test keeps for running. */
export interface GenericTestDetail {
  readonly test: 'generic';
  readonly checkName: string;
  /** True: a check of velo's registry; false: a `{% test %}` of the project. */
  readonly builtIn: boolean;
  readonly args: Readonly<Record<string, unknown>>;
  /** Arguments that are templates, by name, as text. */
  readonly templates: Readonly<Record<string, string>>;
  readonly column: string | undefined;
}

/** The node of a generic test on `tested`. @throws ProjectError, VeloErrors */
export function genericTest(
  entry: TestEntry,
  tested: Node,
  context: ParseContext,
): { node: Node; enabled: boolean } {
  const check = checks.all().find(({ name }) => name === entry.testName);
  const macroName = `test_${entry.testName}`;
  // A check of velo's takes the place of dbt's macro, but not of one the project wrote.
  const macro = check
    ? findOwn(context.macros, context.packageName, macroName)?.macro
    : findMacro(context.macros, context.packageName, macroName);
  if (!macro && !check) throw unknownTest(entry, context);
  const { templates, references, rendered } = parseArguments(entry, context);
  if (check && !macro) checkArguments(entry, check);
  const prefix = tested.kind === 'source' ? 'source_' : '';
  const testedName = tested.kind === 'source' ? tested.fqn.slice(-2).join('_') : tested.name;
  const named = {
    ...entry.args,
    ...(entry.column === undefined ? {} : { column_name: entry.column }),
  };
  const type = prefix + entry.testName;
  const name = entry.name ?? genericTestName(type, testedName, named);
  const alias = entry.name ?? testAlias(type, testedName, name);
  const fqn = [...tested.fqn.slice(0, -1), name];
  const config = resolveConfig(testConfig, [...context.projectConfig(fqn), entry.config]);
  const rules = testRules(config);
  const identity = hashOf([tested.id, entry.testName, named, rules]);
  const detail: GenericTestDetail = {
    test: 'generic',
    checkName: entry.testName,
    builtIn: macro === undefined,
    args: entry.args,
    templates,
    column: entry.column,
  };
  const names = macro ? [macro.name] : [];
  const text = [entry.testName, ...Object.entries(named).flat(), config.where ?? ''].map(asText);
  const code = { text: text.join('\n'), rendered, names };
  const asOfColumn = tested.asOf?.column;
  const node = testNode({
    name,
    alias,
    hash: identity.slice(0, 10),
    packageName: context.packageName,
    path: entry.span.file,
    span: entry.span,
    fqn,
    description: entry.description,
    config,
    references: distinct([testedReference(tested, entry.span), ...references]),
    ...codeFacts(code, rules, context),
    place: context.scope.target?.schema ?? '',
    judgesDatesAlone:
      macro === undefined &&
      asOfColumn !== undefined &&
      anyRowDecides(config) &&
      check?.isSeparable(entry.args, entry.column, asOfColumn) === true,
    attachedTo: tested.id,
    generic: { name: entry.testName, args: named },
    propertiesPath: entry.span.file,
    rawCode: `{{ test_${entry.testName}(**_dbt_generic_test_kwargs) }}`,
    detail,
  });
  return { node, enabled: config.enabled };
}

const asText = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);

function testedReference(tested: Node, span: Span): Reference {
  if (tested.kind === 'source') return { kind: 'source', path: tested.fqn.slice(-2), span };
  return { kind: 'ref', path: [tested.packageName, tested.name], span };
}

/** An argument that is a template, or that is a bare ref() or source() call, which dbt takes as one. */
const CALL = /^\s*(ref|source)\s*\(.*\)\s*$/s;

function parseArguments(entry: TestEntry, context: ParseContext) {
  const templates: Record<string, string> = {};
  const references: Reference[] = [];
  let rendered = '';
  for (const [name, value] of Object.entries(entry.args)) {
    if (typeof value !== 'string') continue;
    const isCall = CALL.test(value);
    if (!isCall && !/\{\{|\{%/.test(value)) continue;
    const text = isCall ? `{{ ${value} }}` : value;
    const parsed = parseTemplateNode({ ...entry.span, text }, context);
    templates[name] = text;
    references.push(...parsed.references);
    rendered += `${name}=${parsed.rendered}\n`;
  }
  return { templates, references, rendered };
}

function checkArguments(entry: TestEntry, check: Check): void {
  const fail = (message: string, hint?: string) =>
    new ProjectError('invalid-config', `test ${entry.testName}: ${message}`, {
      span: entry.span,
      hint,
    });
  if (check.scope === 'column' && entry.column === undefined)
    throw fail('it belongs under a column');
  if (check.scope === 'model' && entry.column !== undefined) {
    throw fail('it belongs under the model, not under a column');
  }
  const parsed = check.args.safeParse(entry.args, { reportInput: true });
  if (parsed.success) return;
  throw new VeloErrors(
    parsed.error.issues.flatMap((issue) => {
      if (issue.code === 'unrecognized_keys') {
        return issue.keys.map((key) => fail(`unknown argument '${key}'`, argumentHint(key, check)));
      }
      const name = issue.path.length > 0 ? `argument '${issue.path.join('.')}' ` : '';
      return [fail(name + issueText(issue))];
    }),
  );
}

function argumentHint(key: string, { args }: Check): string {
  const known = Object.keys((args as Partial<ZodObject>).shape ?? {});
  return (
    didYouMean(key, known) ?? (known.length > 0 ? `it takes ${known.join(', ')}` : 'it takes none')
  );
}

function unknownTest(entry: TestEntry, { macros, packageName }: ParseContext): ProjectError {
  const own = [...macroNames(macros, packageName)]
    .filter((name) => name.startsWith('test_'))
    .map((name) => name.replace(/^test_/, ''));
  const known = [...checks.all().map(({ name }) => name), ...own];
  return new ProjectError('unknown-test', `there is no generic test '${entry.testName}'`, {
    span: entry.span,
    hint: didYouMean(entry.testName, known) ?? `known tests: ${known.join(', ')}`,
  });
}
