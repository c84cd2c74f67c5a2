import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseError } from '../core/errors.ts';
import { hashOf } from '../core/fingerprint.ts';
import { type Node, nodeId } from '../core/node.ts';
import { seedConfig } from './config-schemas.ts';
import { configLayers } from './model-node.ts';
import type { Builder, FileKind } from './node-kind.ts';
import { relationOf } from './relation-names.ts';
import { resolveConfig } from './resolve-config.ts';
import { readSeed } from './seed-file.ts';

interface SeedDetail {
  readonly columnTypes: Readonly<Record<string, string>>;
  readonly delimiter: string;
}

/** A CSV file in `seeds/`, loaded as it stands. */
export const seed: FileKind = {
  name: 'seed',
  folders: 'seed-paths',
  extension: '.csv',
  async parse(file, context) {
    const name = file.parts.at(-1) ?? '';
    const fqn = [context.packageName, ...file.parts];
    const properties = context.propertiesOf(name);
    const config = resolveConfig(seedConfig, configLayers(context, fqn, properties, []));
    const { column_types: columnTypes, delimiter } = config;
    const relation = relationOf(name, config, context.scope.target);
    const node: Node = {
      id: nodeId('seed', context.packageName, name),
      kind: 'seed',
      name,
      packageName: context.packageName,
      path: file.path,
      span: { file: file.path, line: 1, column: 1 },
      fqn,
      description: properties?.description ?? '',
      columns: properties?.columns ?? [],
      tags: config.tags,
      config: { ...config, materialized: 'seed' },
      references: [],
      relation,
      place: `${relation.schema}.${relation.name}`,
      materialized: 'seed',
      buildable: true,
      storesRows: true,
      updatesInPlace: false,
      volatile: false,
      fingerprint: { file: hashOf(file.text), config: hashOf({ columnTypes, delimiter }) },
      eventTime: undefined,
      asOf: undefined,
      check: undefined,
      propertiesPath: properties?.span.file,
      rawCode: '',
      detail: { columnTypes, delimiter } satisfies SeedDetail,
    };
    return { node, enabled: config.enabled };
  },
};

/** The engine refuses a type or a value that it casts itself. */
const seedError = (error: DatabaseError, node: Node): DatabaseError =>
  new DatabaseError(error.code, error.message, error.sql, {
    span: node.span,
    hint: error.hint ?? 'look at column_types of the seed',
    cause: error,
  });

export const seedBuilder: Builder = {
  claims: (node) => node.kind === 'seed',
  async build(node, { connection, dialect, existing, folders }) {
    if (!node.relation) throw new Error(`${node.id} has no relation`);
    const { columnTypes, delimiter } = node.detail as SeedDetail;
    const text = await readFile(join(folders.projectDir, node.path));
    const columns = readSeed(text, node.path, { columnTypes, delimiter });
    const loaded = await connection.loadColumns(columns).catch((error: unknown) => {
      throw error instanceof DatabaseError ? seedError(error, node) : error;
    });
    let rows: number | undefined;
    const sql = `select * from ${loaded}`;
    for (const statement of dialect.replaceTable(node.relation, sql, existing)) {
      rows = (await connection.execute(statement)) ?? rows;
    }
    await connection.execute(`drop table ${loaded}`);
    return { rows, message: `INSERT ${rows ?? 0}`, compiledCode: undefined };
  },
};
