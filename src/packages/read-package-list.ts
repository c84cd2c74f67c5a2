import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { checkYaml, readYaml, type YamlFile, type YamlPath } from '../config/read-yaml.ts';
import { didYouMean } from '../core/did-you-mean.ts';
import { collect, ProjectError, type VeloError, VeloErrors } from '../core/errors.ts';
import { ENTRY_READERS, type PackageSpec } from './package-spec.ts';

/** Renders the templates of a value that stands in a file; they see `var` and `env_var`. */
export type RenderPackages = (value: unknown, yaml: YamlFile, at: YamlPath) => unknown;

/** What a project asks for. */
export interface PackageList {
  /** The file that lists them, as messages show it. */
  readonly file: string;
  readonly specs: readonly PackageSpec[];
  /** Names under `projects:`. */
  readonly projects: readonly string[];
}

const PACKAGE_FILES = ['packages.yml', 'dependencies.yml'] as const;

const listSchema = z.strictObject({
  packages: z.array(z.record(z.string(), z.unknown())).nullish(),
  projects: z.array(z.looseObject({ name: z.string() })).nullish(),
});

/**
 * The packages of packages.yml or dependencies.yml; nothing when there is neither.
 * @param shownDir the folder as messages show it, '' for the project's own
 * @throws VeloErrors, ProjectError at the place of every fault
 */
export function readPackageList(
  rootDir: string,
  shownDir: string,
  render: RenderPackages,
): PackageList | undefined {
  const lists = PACKAGE_FILES.flatMap((name) => {
    const yaml = readOptionalYaml(rootDir, shownDir, name);
    return yaml ? [readList(yaml, render)] : [];
  });
  const [first, second] = lists.filter(({ specs }) => specs.length > 0);
  if (first && second) {
    throw new ProjectError(
      'package-conflict',
      `packages are listed in both ${first.file} and ${second.file}`,
      { span: second.specs[0]?.span, hint: 'list all of them in one of the two files' },
    );
  }
  const chosen = first ?? lists[0];
  return chosen && { ...chosen, projects: lists.flatMap(({ projects }) => projects) };
}

/** The list in the text of a file. @throws VeloErrors at the place of every fault */
export const parsePackageList = (file: string, text: string, render: RenderPackages): PackageList =>
  readList(readYaml(file, text), render);

/** A YAML file of a folder; nothing when it is not there. @throws VeloErrors of code 'yaml-syntax', ProjectError */
export function readOptionalYaml(
  rootDir: string,
  shownDir: string,
  name: string,
): YamlFile | undefined {
  const shown = shownDir === '' ? name : `${shownDir}/${name}`;
  let text: string;
  try {
    text = readFileSync(join(rootDir, name), 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new ProjectError('file-unreadable', `${shown} cannot be read`, { cause });
  }
  return readYaml(shown, text);
}

function readList(yaml: YamlFile, render: RenderPackages): PackageList {
  const { packages, projects } = checkYaml(listSchema, yaml.value ?? {}, yaml);
  return {
    file: yaml.file,
    specs: readEntries(packages ?? [], yaml, render),
    projects: (projects ?? []).map(({ name }) => name),
  };
}

/** The entries under `packages:` of a file. @throws VeloErrors with the faults of all */
export function readEntries(
  entries: readonly Readonly<Record<string, unknown>>[],
  yaml: YamlFile,
  render: RenderPackages,
): readonly PackageSpec[] {
  const errors: VeloError[] = [];
  const specs = entries.map((entry, index) =>
    collect(errors, () => readEntry(entry, ['packages', index], yaml, render)),
  );
  if (errors.length > 0) throw new VeloErrors(errors);
  return specs.filter((spec) => spec !== undefined);
}

const ENTRY_KINDS = Object.keys(ENTRY_READERS);

function readEntry(
  written: Readonly<Record<string, unknown>>,
  at: YamlPath,
  yaml: YamlFile,
  render: RenderPackages,
): PackageSpec {
  const kind = ENTRY_KINDS.find((name) => Object.hasOwn(written, name));
  const read = kind === undefined ? undefined : ENTRY_READERS[kind];
  if (read === undefined) throw noKind(written, at, yaml);
  const rendered = render(written, yaml, at) as Readonly<Record<string, unknown>>;
  const span = yaml.spanOf(at);
  return read((schema) => checkYaml(schema, rendered, yaml, at), { written, rendered, span });
}

function noKind(written: object, at: YamlPath, yaml: YamlFile): ProjectError {
  const [first] = Object.keys(written);
  const near = Object.keys(written)
    .map((key) => didYouMean(key, ENTRY_KINDS))
    .find((hint) => hint !== undefined);
  return new ProjectError('yaml-schema', 'an entry of packages does not say where it is from', {
    span: yaml.spanOf(at, first),
    hint: near ?? `it needs one of the keys ${ENTRY_KINDS.join(', ')}`,
  });
}
