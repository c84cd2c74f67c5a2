import { ProjectError } from '../core/errors.ts';
import { type Node, nodeId, type Reference } from '../core/node.ts';
import type { Span } from '../core/span.ts';
import { unitTestConfig } from './config-schemas.ts';
import type { ParseContext, ParsedNode, YamlEntry, YamlKind } from './node-kind.ts';
import { parseTemplateNode } from './parse-template-node.ts';
import { scanCsv } from './seed-csv.ts';
import { unitTestChecksum } from './unit-test-checksum.ts';
import type { UnitTestDetail } from './unit-tests/run-unit-test.ts';
import { yamlNode } from './yaml-node.ts';

type Values = Readonly<Record<string, unknown>>;

/** A test of a model on made-up rows; of a versioned model it is one node a version. */
export const unitTest: YamlKind = {
  name: 'unit_test',
  section: 'unit_tests',
  trees: ['unit_tests'],
  parse(entry, context) {
    const versions = context.versionsOf(String(entry.value['model']));
    if (versions.length === 0) return [unitTestNode(entry, undefined, context)];
    return versions
      .filter((version) => isChosen(version, entry.value['versions']))
      .map((version) => unitTestNode(entry, version, context));
  },
};

type VersionLabel = string | number;

function isChosen(version: VersionLabel, rule: unknown): boolean {
  const { include, exclude } = (rule ?? {}) as Readonly<Record<string, readonly VersionLabel[]>>;
  const lists = (list: readonly VersionLabel[]) => list.map(String).includes(String(version));
  return (include ? lists(include) : true) && !(exclude && lists(exclude));
}

function unitTestNode(
  entry: YamlEntry,
  version: VersionLabel | undefined,
  context: ParseContext,
): ParsedNode {
  const { value } = entry;
  const model = String(value['model']);
  const written = String(value['name']);
  const name = version === undefined ? written : `${written}_v${version}`;
  // dbt tells versions apart by the id alone.
  const fqn = [context.packageName, ...entry.folders, model, written];
  const schema = context.scope.target?.schema ?? '';
  const reference: Reference = {
    kind: 'ref',
    path: [version === undefined ? model : `${model}.v${version}`],
    span: entry.spanOf(['model']),
  };
  const parts = unitTestParts(entry, context);
  const parsed = yamlNode('unit_test', entry, context, unitTestConfig, {
    name,
    idParts: [model, name],
    fqn,
    references: [reference],
    extra: { name: written, ...parts, version: version ?? null, schema },
  });
  const idParts = version === undefined ? [model] : [model, `v${version}`];
  const role: Partial<Node> = {
    place: schema,
    buildable: true,
    fingerprint: { 'unit test': parts.checksum },
    check: {
      attachedTo: nodeId('model', context.packageName, ...idParts),
      severity: 'error',
      judgesDatesAlone: false,
      judgesCode: true,
      runsBefore: true,
    },
    detail: unitTestDetail(entry, context),
  };
  Object.assign(parsed.node, role);
  return parsed;
}

function unitTestDetail({ value, spanOf }: YamlEntry, context: ParseContext): UnitTestDetail {
  const given = (value['given'] as readonly Values[] | null | undefined) ?? [];
  return {
    test: 'unit',
    inputs: given.map(({ input }, at) => {
      const span = spanOf(['given', at]);
      return { reference: inputOf(String(input).trim(), span, context), span };
    }),
    expectSpan: spanOf(['expect']),
  };
}

/** `this` is no reference. @throws ProjectError 'unit-test' for what is none of the three */
function inputOf(input: string, span: Span, context: ParseContext): Reference | undefined {
  if (input === 'this') return undefined;
  const { references } = parseTemplateNode({ ...span, text: `{{ ${input} }}` }, context);
  const [reference] = references;
  if (reference) return { ...reference, span };
  throw new ProjectError('unit-test', `'${input}' is no input of a model`, {
    span,
    hint: "write ref('…'), source('…', '…') or this",
  });
}

function unitTestParts({ value, spanOf }: YamlEntry, context: ParseContext) {
  const given = (value['given'] as readonly Values[] | null | undefined) ?? [];
  const parts = {
    model: String(value['model']),
    given: given.map((one, index) => ({
      input: one['input'],
      ...fixtureOf(one, spanOf(['given', index]), context),
    })),
    expect: fixtureOf(value['expect'] as Values, spanOf(['expect']), context),
    overrides: overridesOf(value['overrides'] as Values | null | undefined),
    versions: versionsOf(value['versions'] as Values | null | undefined),
  };
  return { ...parts, checksum: unitTestChecksum(parts) };
}

const versionsOf = (rule: Values | null | undefined) =>
  rule ? { include: rule['include'] ?? null, exclude: rule['exclude'] ?? null } : null;

function fixtureOf({ rows, format, fixture }: Values, span: Span, context: ParseContext) {
  const kind = (format ?? 'dict') as string;
  const named = typeof fixture === 'string' ? fixtureText(fixture, span, context) : undefined;
  return {
    rows: rowsOf(named ?? rows ?? [], kind, span),
    format: kind,
    fixture: fixture ?? null,
  };
}

function fixtureText(name: string, span: Span, { fixture }: ParseContext): string {
  const file = fixture(name);
  if (file) return file.text;
  throw new ProjectError('file-unreadable', `there is no fixture '${name}'`, {
    span,
    hint: `make ${name}.csv or ${name}.sql in tests/fixtures`,
  });
}

/** Rows of CSV become a list like those of YAML, all values as text; an empty cell is null. */
function rowsOf(rows: unknown, format: string, span: Span): unknown {
  if (typeof rows !== 'string') return rows;
  if (format !== 'csv') return rows.trim();
  const { cells, rowStarts } = scanCsv(rows.trim(), ',', span.file);
  const header = cells.slice(0, rowStarts[1] ?? 0);
  return rowStarts.slice(1, -1).map((start) => {
    const named = header.map((column, at) => [column, cells[start + at] || null] as const);
    return Object.fromEntries(named);
  });
}

const overridesOf = (overrides: Values | null | undefined) =>
  overrides
    ? {
        macros: overrides['macros'] ?? {},
        vars: overrides['vars'] ?? {},
        env_vars: overrides['env_vars'] ?? {},
      }
    : null;
