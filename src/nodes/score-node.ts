import { DatabaseError } from '../core/errors.ts';
import type { Node } from '../core/node.ts';
import { scoreRows } from '../modeling/score-rows.ts';
import { readRegistry } from '../state/registry.ts';
import type { ModelConfig } from './config-schemas.ts';
import { locally } from './errors-at-node.ts';
import { locateError } from './locate-error.ts';
import { materialize } from './materialize.ts';
import type { BuildContext, Builder } from './node-kind.ts';
import { scoreSettingsOf } from './score-settings.ts';

/** Asks a registered model about the rows of its SELECT. */
export const scoreBuilder: Builder = {
  claims: ({ kind, materialized }) => kind === 'model' && materialized === 'score',
  async build(node, context) {
    const { connection, dialect, models, batch, existing, replace } = context;
    const settings = scoreSettingsOf(node.config as ModelConfig, () => node.span);
    const isIncremental = !replace && existing === 'table';
    const compiled = await context.compile(node, { batch, isIncremental });
    const name = registeredName(node, settings.model, context);
    const registry = await readRegistry(connection, dialect, models.tables, name);
    let loaded: string | undefined;
    await locally(node, async () => {
      const { table } = await connection.fetch(
        `select * from (\n${compiled.sql}\n) as velo_scoring limit 0`,
      );
      const scoring = { connection, dialect, registry, models, name, span: node.span };
      await scoreRows(compiled.sql, table.columns, settings, scoring, async (portion) => {
        if (loaded === undefined) loaded = await connection.loadColumns(portion);
        else await connection.appendColumns(loaded, portion);
      });
    }).catch((error: unknown) => {
      throw error instanceof DatabaseError ? locateError(error, node, compiled) : error;
    });
    // All portions are published at once, whatever the way.
    const rows = { sql: `select * from ${loaded}`, placeOf: () => undefined };
    const outcome = await materialize(node, rows, context);
    await connection.execute(`drop table ${loaded}`);
    return { ...outcome, compiledCode: compiled.sql };
  },
};

/** The registered name of the train node that `model` refers to, or the name itself. */
function registeredName(node: Node, model: string, { resolve }: BuildContext): string {
  const named = node.references.find(({ kind, path }) => kind === 'ref' && path.at(-1) === model);
  const use = named && resolve(node, named).model;
  return use?.does === 'makes' ? use.name : model;
}
