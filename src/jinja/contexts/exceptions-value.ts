import { ProjectError } from '../../core/errors.ts';
import type { Span } from '../../core/span.ts';
import { toText, type Value } from '../value.ts';
import { contractFault } from './contract-fault.ts';
import { recordValue, signedFunctions } from './record-value.ts';

type Given = Readonly<Record<string, Value>>;

const nameOf = (node: Value): string =>
  node instanceof Map ? toText(node.get('name')) : toText(node);

/** dbt's exceptions and what each says. The model a macro passes along is for dbt's own report. */
const MESSAGES: Readonly<Record<string, readonly [string, (given: Given) => string]>> = {
  raise_compiler_error: ['msg node?', ({ msg }) => toText(msg)],
  raise_database_error: ['msg node?', ({ msg }) => toText(msg)],
  raise_dependency_error: ['msg', ({ msg }) => toText(msg)],
  raise_parsing_error: ['msg node?', ({ msg }) => toText(msg)],
  raise_fail_fast_error: ['msg node?', ({ msg }) => toText(msg)],
  raise_not_implemented: ['msg', ({ msg }) => `ERROR: ${toText(msg)}`],
  raise_contract_error: [
    'yaml_columns sql_columns',
    ({ yaml_columns, sql_columns }) => contractFault(yaml_columns, sql_columns),
  ],
  missing_config: [
    'model name',
    ({ model, name }) =>
      `Model '${nameOf(model)}' does not define a required config parameter '${toText(name)}'.`,
  ],
  missing_materialization: [
    'model adapter_type',
    ({ model, adapter_type }) =>
      `No materialization '${nameOf(model)}' was found for adapter ${toText(adapter_type)}! (searched types 'default' and '${toText(adapter_type)}')`,
  ],
  missing_relation: [
    'relation model?',
    ({ relation }) => `Relation ${toText(relation)} not found!`,
  ],
  relation_wrong_type: [
    'relation expected_type model?',
    ({ relation, expected_type }) =>
      `Trying to create ${toText(expected_type)} ${toText(relation)}, but it currently exists as another kind of relation. Either drop ${toText(relation)} manually, or run with \`--full-refresh\` and velo will drop it for you.`,
  ],
  column_type_missing: [
    'column_names',
    ({ column_names }) =>
      `Contracted models require data_type to be defined for each column. Please ensure that the column name and data_type are defined within the YAML configuration for the ${toText(column_names)} column(s).`,
  ],
  raise_ambiguous_alias: [
    'node_1 node_2 duped_name?',
    ({ node_1, node_2 }) =>
      `velo found two resources with the same database representation: ${nameOf(node_1)} and ${nameOf(node_2)}`,
  ],
  raise_invalid_property_yml_version: [
    'path issue',
    ({ path, issue }) => `${toText(path)}: ${toText(issue)}`,
  ],
};

/** `exceptions` of templates: each raises, `warn` tells. */
export function exceptionsValue(warn: (message: string, span: Span) => void): Value {
  const raising = Object.entries(MESSAGES).map(([name, [signature, say]]) => [
    name,
    signedFunctions({
      [name]: [
        signature,
        (given, { span }) => {
          throw new ProjectError('macro-error', say(given), { span });
        },
      ],
    })[name],
  ]);
  return recordValue('exceptions', {
    ...(Object.fromEntries(raising) as Record<string, Value>),
    ...signedFunctions({
      warn: [
        'msg node?',
        ({ msg }, { span }) => {
          warn(toText(msg), span);
          return '';
        },
      ],
    }),
  });
}
