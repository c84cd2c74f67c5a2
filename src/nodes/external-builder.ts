import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, extname, isAbsolute, join } from 'node:path';
import type { FileFormat } from '../adapters/adapter.ts';
import { DatabaseError, ProjectError } from '../core/errors.ts';
import type { Node } from '../core/node.ts';
import { toText } from '../jinja/value.ts';
import type { ModelConfig } from './config-schemas.ts';
import { locateError } from './locate-error.ts';
import type { BuildContext, Builder } from './node-kind.ts';

const FORMATS: readonly FileFormat[] = ['parquet', 'csv', 'json'];

/**
 * A model written to a file, or a folder of partitions, with a view that reads it. Written beside, then renamed; what
 * stood there is put back when the node is not published.
 */
export const externalBuilder: Builder = {
  claims: ({ kind, materialized, path }) =>
    kind === 'model' && materialized === 'external' && path.endsWith('.sql'),
  async build(node, context) {
    const { connection, dialect, existing, macros, folders } = context;
    if (!node.relation) throw new Error(`${node.id} has no relation`);
    const compiled = await context.compile(node, { batch: undefined, isIncremental: false });
    const { sql } = compiled;
    const location = toText(await macros.evaluate(node, 'external_location(this, config)', {}));
    const format = formatOf(node, location);
    const path =
      isRemote(location) || isAbsolute(location) ? location : join(folders.projectDir, location);
    const aside = isRemote(path) ? path : `${path}.velo_new`;
    const options = optionsOf(node);
    const file = (at: string) => external(node, { path: at, format, options, sql }, context);
    const { write, rows } = file(path);
    if (!isRemote(path)) {
      mkdirSync(dirname(path), { recursive: true });
      rmSync(aside, { recursive: true, force: true });
    }
    const run = (statement: string) =>
      connection.execute(statement).catch((error: unknown) => {
        throw error instanceof DatabaseError ? locateError(error, node, compiled) : error;
      });
    const written = await run(isRemote(path) ? write : file(aside).write);
    const published = isRemote(path) ? undefined : swap(aside, path);
    try {
      // No file is made of a partition without rows, and none can be read.
      const source = written !== 0 ? rows : `select * from (\n${sql}\n) limit 0`;
      for (const statement of dialect.replaceView(node.relation, source, existing))
        await run(statement);
    } catch (error) {
      published?.(false);
      throw error;
    }
    return { rows: written, message: 'OK', compiledCode: sql, tell: published };
  },
};

const isRemote = (location: string): boolean => /^[a-z][a-z0-9+]+:\/\//i.test(location);

function external(
  { span, materialized }: Node,
  file: Parameters<NonNullable<BuildContext['dialect']['externalFile']>>[0],
  { dialect }: BuildContext,
) {
  if (dialect.externalFile) return dialect.externalFile(file);
  throw new ProjectError(
    'unsupported',
    `${dialect.name} cannot build a model with materialized '${materialized}'`,
    {
      span,
      hint: 'it writes no files: make it a table, or enable it only where there are files',
    },
  );
}

function formatOf({ config, span, name }: Node, location: string): FileFormat {
  const written = ((config as ModelConfig).format ?? extname(location).slice(1)) || 'parquet';
  const found = FORMATS.find((format) => format === written.toLowerCase());
  if (found) return found;
  throw new ProjectError('invalid-config', `format '${written}' of '${name}' is not known`, {
    span,
    hint: `it can be ${FORMATS.join(', ')}`,
  });
}

/** Options of the engine's COPY; their names are words, so that they are nothing else. */
function optionsOf({ config, span }: Node): readonly (readonly [string, unknown])[] {
  const options = Object.entries((config as ModelConfig).options ?? {});
  const odd = options.find(([name]) => !/^\w+$/.test(name));
  if (!odd) return options.filter(([, value]) => value !== null);
  throw new ProjectError('invalid-config', `options of a file have no '${odd[0]}'`, { span });
}

/** Puts what is aside in its place; told that it was not to be, puts back what stood there. */
function swap(aside: string, path: string): (isCommitted: boolean) => void {
  const before = `${path}.velo_old`;
  // Left by an attempt that did not come to its end.
  if (existsSync(before)) restore(before, path);
  if (existsSync(path)) renameSync(path, before);
  if (existsSync(aside)) renameSync(aside, path);
  return (isCommitted) => {
    if (isCommitted) rmSync(before, { recursive: true, force: true });
    else if (existsSync(before)) restore(before, path);
    else rmSync(path, { recursive: true, force: true });
  };
}

function restore(before: string, path: string): void {
  rmSync(path, { recursive: true, force: true });
  renameSync(before, path);
}
