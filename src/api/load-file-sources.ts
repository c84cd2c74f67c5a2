import type { Dialect, Warehouse } from '../adapters/adapter.ts';
import { hashOf } from '../core/fingerprint.ts';
import type { SourceDetail } from '../nodes/source-text.ts';
import type { FileTable } from '../transfer/load-files.ts';
import type { LoadedProject } from './load-project.ts';

type Project = Pick<
  LoadedProject,
  'manifest' | 'adapter' | 'adapterSettings' | 'emit' | 'now' | 'warn'
>;

/** Files whose rows the target keeps in tables, because its engine cannot read them in place. */
function fileTables({ manifest, adapter }: Project): FileTable[] {
  if (adapter.dialect.readFiles('', 'csv') !== undefined) return [];
  return [...manifest.nodes.values()].flatMap((node): FileTable[] => {
    if (node.kind !== 'source' || !node.relation) return [];
    const { external } = node.detail as SourceDetail;
    if (!external || external.fileCount === 0) return [];
    const { relation, span, fingerprint } = node;
    const rows = (dialect: Dialect) => {
      const text = dialect.readFiles(external.pattern, external.format, external.columnTypes);
      if (text === undefined) throw new Error(`${dialect.name} is there to read files`);
      return text;
    };
    return [{ relation, span, digest: hashOf(fingerprint), rows }];
  });
}

/**
 * Brings the tables of sources in files up to date, where the target's engine does not read files itself.
 * @throws DatabaseError
 */
export async function loadFileSources(project: Project, warehouse: Warehouse): Promise<void> {
  const tables = fileTables(project);
  if (tables.length === 0) return;
  const { adapter, adapterSettings, emit, now } = project;
  const { dialect } = adapter;
  const { filesToLoad, loadFiles } = await import('../transfer/load-files.ts');
  await loadFiles(await filesToLoad(tables, warehouse, dialect), {
    warehouse,
    dialect,
    threads: adapterSettings.threads,
    now,
    onLoaded({ relation: { schema, name }, rowCount }) {
      emit({ type: 'message', message: `Loaded ${rowCount} rows of files into ${schema}.${name}` });
    },
  });
}

/** Whether the target has the rows of all files as they are now. @throws DatabaseError */
export async function hasFileSources(project: Project, warehouse: Warehouse): Promise<boolean> {
  const tables = fileTables(project);
  if (tables.length === 0) return true;
  const { filesToLoad } = await import('../transfer/load-files.ts');
  return (await filesToLoad(tables, warehouse, project.adapter.dialect)).length === 0;
}
