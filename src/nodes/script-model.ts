import { join } from 'node:path';
import type { ColumnValues, TypedColumn, TypedColumns } from '../core/columns.ts';
import { DatabaseError, ProjectError, VeloError } from '../core/errors.ts';
import { hashOf } from '../core/fingerprint.ts';
import type { Node, Reference } from '../core/node.ts';
import type { Span } from '../core/span.ts';
import { configLayers } from './base-node.ts';
import { scriptConfig } from './config-schemas.ts';
import { loadScript, scriptError } from './load-script.ts';
import { materialize } from './materialize.ts';
import { dataConfig, modelIdentity, modelNode } from './model-node.ts';
import type { BuildContext, Builder, FileKind } from './node-kind.ts';
import { type ConfigLayer, resolveConfig } from './resolve-config.ts';
import type { AsOfScriptContext, ReadOptions, ScriptResult } from './script-api.ts';

const DAY_MS = 86_400_000;

/** A model in `models/**.ts`: columns in, columns out, for what SQL does badly. */
export const scriptModel: FileKind = {
  name: 'model',
  section: 'models',
  trees: ['models'],
  folders: 'model-paths',
  extension: '.ts',
  async parse(file, context) {
    const script = await loadScript(file, context.folders.scriptCacheDir);
    for (const path of script.imports) context.noteFile(path);
    const span = configSpan(file.shownPath, file.text);
    const own: ConfigLayer = {
      values: context.renderValues(script.config, span),
      spanOf: () => span,
    };
    const { fqn, properties } = modelIdentity(file, context);
    const layers = configLayers(context, fqn, properties, [own]);
    const { config, unrendered } = resolveConfig(scriptConfig, layers, context.unknownConfig);
    const references: Reference[] = [
      ...config.refs.map((name) => ({ kind: 'ref' as const, path: name.split('.'), span })),
      ...config.sources.map((path) => ({ kind: 'source' as const, path, span })),
    ];
    const fingerprint = {
      code: hashOf(script.code),
      config: hashOf({ ...dataConfig(config), refs: config.refs, sources: config.sources }),
    };
    return [
      modelNode({
        file,
        context,
        properties,
        config,
        unrendered,
        layers,
        references,
        fingerprint,
        volatile: false,
        macros: [],
      }),
    ];
  },
};

/** Where `config` is written, for errors in its values. */
function configSpan(file: string, text: string): Span {
  const line = text.split('\n').findIndex((one) => /\bexport\s+const\s+config\b/.test(one));
  return { file, line: Math.max(line + 1, 1), column: 1 };
}

export const scriptModelBuilder: Builder = {
  claims: (node) => node.kind === 'model' && node.path.endsWith('.ts'),
  async build(node, context) {
    const { projectDir, scriptCacheDir } = context.folders;
    const { file: shownPath } = node.span;
    const absolutePath = join(projectDir, shownPath);
    const file = { shownPath, absolutePath, text: node.rawCode };
    const { run } = await loadScript(file, scriptCacheDir);
    const asOf = context.batch && {
      start: context.batch.start / DAY_MS,
      end: context.batch.end / DAY_MS,
    };
    const script = { read: readerOf(node, context), ...(asOf ? { asOf } : {}) };
    const result: unknown = await attempt(node, () => run(script as AsOfScriptContext));
    const columns = columnsOf(result, node);
    const loaded = await attempt(node, () => context.connection.loadColumns(columns));
    const compiled = { sql: `select * from ${loaded}`, placeOf: () => undefined };
    const outcome = await materialize(node, compiled, context);
    await context.connection.execute(`drop table ${loaded}`);
    return { ...outcome, compiledCode: undefined };
  },
};

async function attempt<T>(node: Node, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof VeloError)) throw scriptError(error, node.span.file);
    if (error instanceof DatabaseError && !error.span) throw atNode(error, node);
    throw error;
  }
}

const atNode = (error: DatabaseError, { span }: Node): DatabaseError =>
  new DatabaseError(error.code, error.message, error.sql, { hint: error.hint, cause: error, span });

/** A model is a program: what it returns is looked at before it is believed. */
function columnsOf(result: unknown, node: Node): TypedColumns {
  const columns = (result as Partial<ScriptResult> | null | undefined)?.columns;
  const isColumn = (column: unknown) =>
    typeof (column as Partial<TypedColumn> | null)?.type === 'string' &&
    typeof (column as Partial<TypedColumn> | null)?.values?.length === 'number';
  if (columns && Object.values(columns).length > 0 && Object.values(columns).every(isColumn)) {
    return columns;
  }
  throw new ProjectError('script-error', 'the model returned no columns', {
    span: node.span,
    hint: "return { columns: { name: { type: 'INTEGER', values: [1, 2] } } }",
  });
}

/** `context.read`: the same relation text, with the same point-in-time filter, as in a SQL model. */
function readerOf(node: Node, context: BuildContext): AsOfScriptContext['read'] {
  return async (name, options = {}) => {
    const reference = referenceNamed(node, name);
    const source = { file: node.span.file, text: readSql(reference, options) };
    const compileOptions = { batch: context.batch, isIncremental: false, source };
    // The query names the columns, so they are there.
    const { sql } = await context.compile(node, compileOptions);
    return (await context.connection.readColumns(sql)) as Readonly<Record<string, ColumnValues>>;
  };
}

function referenceNamed(node: Node, name: string): Reference {
  const found = node.references.find(({ path }) => path.join('.') === name);
  if (found) return found;
  const known = node.references.map(({ path }) => `'${path.join('.')}'`).join(', ');
  throw new ProjectError(
    'unknown-ref',
    `read('${name}') is not among the model's refs and sources`,
    {
      span: node.span,
      hint: `config names ${known || 'none'}`,
    },
  );
}

function readSql({ kind, path }: Reference, options: ReadOptions): string {
  const { columns = ['*'], where, orderBy, history } = options;
  const args = [...path.map((part) => `'${part}'`), ...(history ? [`history='${history}'`] : [])];
  return [
    `select ${columns.join(', ')}`,
    `from {{ ${kind}(${args.join(', ')}) }} as input`,
    ...(where ? [`where ${where}`] : []),
    ...(orderBy ? [`order by ${orderBy.join(', ')}`] : []),
  ].join('\n');
}
