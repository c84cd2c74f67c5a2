import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Connection } from '../adapters/adapter.ts';
import { DatabaseError } from '../core/errors.ts';
import { hashOf } from '../core/fingerprint.ts';
import type { Node } from '../core/node.ts';
import { baseNode, configLayers, fileParts } from './base-node.ts';
import { seedConfig } from './config-schemas.ts';
import { relationOf } from './custom-names.ts';
import { seedChecksum } from './file-checksum.ts';
import { hasPlace } from './locate-error.ts';
import type { Builder, FileKind } from './node-kind.ts';
import { resolveConfig } from './resolve-config.ts';
import { readSeed } from './seed-file.ts';

interface SeedDetail {
  readonly columnTypes: Readonly<Record<string, string>>;
  readonly delimiter: string;
}

/** A CSV file in `seeds/`, loaded as it stands. */
export const seed: FileKind = {
  name: 'seed',
  section: 'seeds',
  trees: ['seeds'],
  folders: 'seed-paths',
  extension: '.csv',
  async parse(file, context) {
    const name = file.parts.at(-1) ?? '';
    const fqn = [context.packageName, ...file.parts];
    const properties = context.propertiesOf(name);
    const layers = configLayers(context, fqn, properties, []);
    const { config, unrendered } = resolveConfig(seedConfig, layers, context.unknownConfig);
    const { column_types: columnTypes, delimiter, tags } = config;
    const named = { kind: 'seed', name, fqn, tags, config, packageName: context.packageName };
    const shared = fileParts(file, properties);
    const fingerprint = { file: hashOf(file.text), config: hashOf({ columnTypes, delimiter }) };
    const node: Node = {
      ...baseNode({
        kind: 'seed',
        name,
        fqn,
        context,
        config,
        unrendered,
        references: [],
        relation: relationOf({ ...named, ...shared }, context),
        fingerprint,
        extra: { checksum: seedChecksum(file.text, file.path) },
        ...shared,
      }),
      buildable: true,
      storesRows: true,
      eventTime: config.event_time ?? undefined,
      detail: { columnTypes, delimiter } satisfies SeedDetail,
    };
    return [{ node, enabled: config.enabled, tests: properties?.tests }];
  },
};

/** The engine refuses a type or a value that it casts itself. */
const seedError = (error: DatabaseError, node: Node): DatabaseError =>
  hasPlace(error)
    ? new DatabaseError(error.code, error.message, error.sql, {
        span: node.span,
        hint: error.hint ?? 'look at column_types of the seed',
        cause: error,
      })
    : error;

/** Writes a seed's rows into a new temporary table of the session and returns its quoted name. @throws ProjectError, DatabaseError */
export async function loadSeed(
  node: Node,
  connection: Pick<Connection, 'loadColumns'>,
  projectDir: string,
): Promise<string> {
  const { columnTypes, delimiter } = node.detail as SeedDetail;
  const { file } = node.span;
  const text = await readFile(join(projectDir, file));
  const columns = readSeed(text, file, { columnTypes, delimiter });
  return await connection.loadColumns(columns).catch((error: unknown) => {
    throw error instanceof DatabaseError ? seedError(error, node) : error;
  });
}

export const seedBuilder: Builder = {
  claims: (node) => node.kind === 'seed',
  async build(node, { connection, dialect, existing, folders, excerpt }) {
    if (!node.relation) throw new Error(`${node.id} has no relation`);
    const loaded = await loadSeed(node, connection, folders.projectDir);
    let rows: number | undefined;
    const sql = `select * from ${loaded}${excerpt?.kind === 'empty' ? ' where false' : ''}`;
    for (const statement of dialect.replaceTable(node.relation, sql, existing)) {
      rows = (await connection.execute(statement)) ?? rows;
    }
    await connection.execute(`drop table ${loaded}`);
    return { rows, message: `INSERT ${rows ?? 0}`, compiledCode: undefined };
  },
};
