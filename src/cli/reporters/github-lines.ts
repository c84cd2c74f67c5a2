import { isAbsolute, relative, resolve } from 'node:path';
import type { Finding } from './ci-case.ts';

/** Where GitHub looks for files, and where velo's are. */
export interface GithubPlaces {
  readonly workspace: string | undefined;
  readonly projectDir: string;
}

/**
 * A finding as a workflow command: `::error file=…,line=…,title=…::message`. Whatever its texts hold, it stays one line and
 * one command. A file outside of the workspace is not named: GitHub knows nothing of it.
 */
export function annotation(
  { level, span, title, message }: Finding,
  { workspace, projectDir }: GithubPlaces,
): string {
  const file = span && fileIn(workspace ?? projectDir, resolve(projectDir, span.file));
  const properties = {
    ...(span && file !== undefined ? { file, line: span.line, col: span.column } : {}),
    title,
  };
  const text = Object.entries(properties)
    .map(([name, value]) => `${name}=${propertyText(String(value))}`)
    .join(',');
  return `::${level} ${text}::${dataText(message)}\n`;
}

function fileIn(folder: string, file: string): string | undefined {
  const inner = relative(folder, file).replaceAll('\\', '/');
  return inner.startsWith('../') || isAbsolute(inner) ? undefined : inner;
}

const dataText = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

const propertyText = (text: string): string =>
  dataText(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
