import type { FoundFile, ProjectFiles } from '../discover-files.ts';
import type { ProjectPackage } from '../project-packages.ts';

/** The packages with some of their files: macros and docs are there, as all others may use them. */
export const partOfPackages = (
  packages: readonly ProjectPackage[],
  wanted: ReadonlySet<string>,
): readonly ProjectPackage[] =>
  packages.map((one) => ({ ...one, files: partOfFiles(one.files, wanted) }));

function partOfFiles(files: ProjectFiles, wanted: ReadonlySet<string>): ProjectFiles {
  const part = (found: readonly FoundFile[]) =>
    found.filter(({ shownPath }) => wanted.has(shownPath));
  return {
    'model-paths': part(files['model-paths']),
    'seed-paths': part(files['seed-paths']),
    'test-paths': part(files['test-paths']),
    'snapshot-paths': part(files['snapshot-paths']),
    'analysis-paths': part(files['analysis-paths']),
    'function-paths': part(files['function-paths']),
    properties: part(files.properties),
    fixtures: files.fixtures,
    macros: files.macros,
    docs: files.docs,
  };
}
