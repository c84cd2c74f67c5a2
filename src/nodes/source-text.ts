import type { Dialect, FileFormat } from '../adapters/adapter.ts';
import { ProjectError } from '../core/errors.ts';
import type { Node } from '../core/node.ts';
import type { Archives } from './archives.ts';

/** What a source keeps for itself. */
export interface SourceDetail {
  /** Files the source stands for; undefined: a table of the database. */
  readonly external:
    | {
        /** As written, templates rendered. */
        readonly location: string;
        /** Absolute path or glob of what the engine reads. */
        readonly pattern: string;
        /** What has to be unpacked for that. */
        readonly archives?: Archives | undefined;
        readonly format: FileFormat;
        /** Types of columns that are not to be told from the values, by name; of JSON the columns to read. */
        readonly columnTypes: Readonly<Record<string, string>>;
        readonly fileCount: number;
      }
    | undefined;
}

/** A source that is a table of the database. */
export const TABLE_SOURCE: SourceDetail = { external: undefined };

/**
 * What a source prints as in SQL: of files what reads them or, where the engine cannot, the table they are loaded into.
 * @throws ProjectError when its files do not exist
 */
export function sourceText(source: Node, dialect: Dialect): string {
  const { external } = source.detail as SourceDetail;
  if (external?.fileCount === 0) {
    throw new ProjectError('source-files-missing', `no file matches '${external.location}'`, {
      span: source.span,
      hint: `source '${source.name}' reads it; paths start at the project's folder`,
    });
  }
  const text =
    external && dialect.readFiles(external.pattern, external.format, external.columnTypes);
  if (text !== undefined) return text;
  if (!source.relation) throw new Error(`source ${source.id} has no relation`);
  return dialect.relation(source.relation);
}
