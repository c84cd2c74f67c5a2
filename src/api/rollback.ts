import { ConfigError } from '../core/errors.ts';
import type { Node } from '../core/node.ts';
import type { Relation } from '../core/relation.ts';
import { type Backup, backupsOf, restore } from '../transfer/backups.ts';
import { notePushedDays, preparePushedDays } from '../transfer/pushed-days.ts';
import { countRows, existingType, rowsOf, runAll } from '../transfer/table-end.ts';
import { loadProject, openToRead, openWarehouse } from './load-project.ts';
import { chosenNodes, patienceOf, recordOf } from './push.ts';
import type { SelectOptions } from './select-nodes.ts';
import type { TransferOptions } from './two-targets.ts';

export type RollbackOptions = TransferOptions & SelectOptions;

/** A table and what it was, or would be, put back to. */
export interface RolledBack {
  readonly node: Node;
  readonly relation: Relation;
  /** The newest one, which is used up. */
  readonly backup: Backup;
  /** Backups that are left after it. */
  readonly left: number;
  readonly rows: number;
  readonly rowsBefore: number | undefined;
}

/**
 * Puts the newest backups of the selected tables in their place, in one transaction for all of them; called again, the
 * ones before. @throws ConfigError 'usage' without a selection, 'empty-selection' when there is no backup;
 * DatabaseError
 */
export async function rollback(options: RollbackOptions): Promise<readonly RolledBack[]> {
  const { select = [], models = [], selector } = options;
  if (select.length + models.length === 0 && selector === undefined) {
    throw new ConfigError('usage', 'velo rollback needs --select: the tables to put back', {
      hint: 'velo rollback --select horse_form --target prod',
    });
  }
  const project = await loadProject(options);
  const nodes = chosenNodes(project, options);
  const { dialect } = project.adapter;
  await using warehouse = await (options.dryRun ? openToRead : openWarehouse)(project);
  const schemas = [...new Set(nodes.flatMap(({ relation }) => relation?.schema ?? []))];
  const relations = await warehouse.listRelations(schemas);
  const found = nodes.flatMap((node) => {
    const { relation } = node;
    const [backup, ...others] = relation ? backupsOf({ dialect, relation }, relations) : [];
    return relation && backup ? [{ node, relation, backup, left: others.length }] : [];
  });
  if (found.length === 0) throw withoutBackup(nodes, project.settings.target.name);
  const cancel = () => warehouse.interrupt();
  options.signal?.addEventListener('abort', cancel);
  try {
    return await warehouse.use(async (connection) => {
      const end = { connection, dialect };
      const told: RolledBack[] = [];
      for (const one of found) {
        const isThere = existingType(one.relation, relations) !== undefined;
        told.push({
          ...one,
          rows: await countRows(end, rowsOf({ dialect, relation: one.backup.relation })),
          rowsBefore: isThere
            ? await countRows(end, rowsOf({ dialect, relation: one.relation }))
            : undefined,
        });
      }
      if (options.dryRun) return told;
      const record = recordOf(project);
      await runAll(end, preparePushedDays(end, record));
      await connection.transaction(async () => {
        for (const { relation, backup, rowsBefore } of told) {
          const isThere = rowsBefore !== undefined;
          await runAll(end, [
            ...restore({ dialect, relation }, backup.relation, isThere, patienceOf(options)),
            // The next push compares with nothing and sends all rows.
            ...notePushedDays(end, record, relation, new Map()),
          ]);
        }
      });
      return told;
    });
  } finally {
    options.signal?.removeEventListener('abort', cancel);
  }
}

function withoutBackup(nodes: readonly Node[], targetName: string): ConfigError {
  const names = nodes.map(({ name }) => name).join(', ');
  return new ConfigError('empty-selection', `target '${targetName}' has no backup of ${names}`, {
    hint: 'velo push makes one when it replaces a table, and keeps the newest (--backups)',
  });
}
