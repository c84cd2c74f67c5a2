import { DatabaseError } from '../core/errors.ts';
import { relationValue } from '../jinja/contexts/relation-value.ts';
import { toText } from '../jinja/value.ts';
import { baseNode, configLayers, fileParts } from './base-node.ts';
import { codeFacts } from './code-fingerprint.ts';
import { functionConfig } from './config-schemas.ts';
import { relationOf } from './custom-names.ts';
import { locateError } from './locate-error.ts';
import type { Builder, FileKind } from './node-kind.ts';
import { parseTemplateNode } from './parse-template-node.ts';
import { resolveConfig } from './resolve-config.ts';

/** The body of a SQL function in `functions/`; YAML tells its arguments and what it returns. */
export const functionFile: FileKind = {
  name: 'function',
  section: 'functions',
  trees: ['functions'],
  folders: 'function-paths',
  extension: '.sql',
  async parse(file, context) {
    const name = file.parts.at(-1) ?? '';
    const fqn = [context.packageName, ...file.parts];
    const properties = context.propertiesOf(name);
    const parsed = parseTemplateNode({ file: file.shownPath, text: file.text }, context);
    const layers = configLayers(context, fqn, properties, parsed.configs);
    const { config, unrendered } = resolveConfig(functionConfig, layers, context.unknownConfig);
    const shared = fileParts(file, properties);
    const { packageName } = context;
    const named = {
      ...shared,
      kind: 'function',
      name,
      fqn,
      packageName,
      tags: config.tags,
      config,
    };
    const { args, returns } = signatureOf(properties?.entry ?? {});
    const code = { text: file.text, rendered: parsed.rendered, names: parsed.template.names };
    const node = baseNode({
      ...shared,
      kind: 'function',
      name,
      fqn,
      context,
      config,
      unrendered,
      references: parsed.references,
      relation: relationOf(named, context),
      rawCode: file.text.trim(),
      answersTo: [{ kind: 'function', name }],
      extra: { returns, arguments: args, overloads: properties?.entry['overloads'] ?? [] },
      ...codeFacts(code, { args, returns }, context),
    });
    return [{ node: Object.assign(node, { buildable: true }), enabled: config.enabled }];
  },
};

/** Made or replaced by dbt's macros: the engine may refuse them. Nothing is lost when it is made again. */
export const functionBuilder: Builder = {
  claims: ({ kind }) => kind === 'function',
  async build(node, { compile, dialect, macros, connection }) {
    if (!node.relation) throw new Error(`${node.id} has no relation`);
    const compiled = await compile(node, { batch: undefined, isIncremental: false });
    const { sql } = compiled;
    const target = relationValue(node.relation, dialect.relation(node.relation), 'function');
    const model = await macros.evaluate(node, 'dict(model, compiled_code=sql)', { sql });
    const names = { model, target };
    const statement = toText(await macros.evaluate(node, CREATE, names));
    const { message } = await connection.fetch(statement).catch((error: unknown) => {
      throw error instanceof DatabaseError ? locateError(error, node, compiled) : error;
    });
    return { rows: undefined, message, compiledCode: sql };
  },
};

const CREATE =
  "scalar_function_sql(target) if config.get('type') == 'scalar' else aggregate_function_sql(target)";

type Values = Readonly<Record<string, unknown>>;

/** What YAML says a function takes and gives, with the nulls of dbt's manifest. */
function signatureOf({ arguments: listed, returns }: Values) {
  const args = (listed as readonly Values[] | null | undefined) ?? [];
  return {
    args: args.map((one) => ({ ...NO_ARGUMENT, ...one })),
    returns: returns ? { data_type: null, description: null, ...(returns as Values) } : null,
  };
}

const NO_ARGUMENT = { name: null, data_type: null, description: null, default_value: null };
