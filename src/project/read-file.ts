import { readFileSync } from 'node:fs';
import { ProjectError } from '../core/errors.ts';
import type { FoundFile } from './discover-files.ts';

/** The text of a project's file. @throws ProjectError 'file-unreadable' */
export function readProjectText({ path, absolutePath }: FoundFile): string {
  try {
    return readFileSync(absolutePath, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ProjectError('file-unreadable', `cannot be read: ${reason}`, {
      span: { file: path, line: 1, column: 1 },
      cause,
    });
  }
}
