import type { Settings } from '../config/settings.ts';
import { didYouMean } from '../core/did-you-mean.ts';
import { collect, ProjectError, type VeloError } from '../core/errors.ts';
import type { MacroInfo } from '../core/node.ts';
import type { MacroLibrary, MacroTable } from '../jinja/contexts/macro-library.ts';
import { type MacroDefinition, parseTemplate, type Template } from '../jinja/template.ts';
import { calledMacros } from '../nodes/code-fingerprint.ts';
import type { FoundFile } from './discover-files.ts';
import { globalMacros } from './global-macros.ts';
import type { ProjectPackage } from './project-packages.ts';
import { readProjectText } from './read-file.ts';
import type { PropertiesSource } from './read-properties.ts';
import type { Unread } from './unread.ts';
import type { Describe } from './yaml-entry.ts';

export interface ReadMacros {
  readonly library: MacroLibrary;
  readonly found: readonly MacroInFile[];
}

/** A macro of the project or of a package, and the file it stands in. */
interface MacroInFile {
  readonly macro: MacroDefinition;
  readonly packageName: string;
  readonly file: FoundFile;
}

/** Reads the macros, tests and materializations of the project and its packages; faults go to `errors`, words of what could not be read to `unread`. */
export function readMacros(
  settings: Settings,
  packages: readonly ProjectPackage[],
  errors: VeloError[],
  unread: Unread,
): ReadMacros {
  const library = new Map<string, ReadonlyMap<string, MacroDefinition>>();
  const found: MacroInFile[] = [];
  for (const { name: packageName, files } of packages) {
    const macros = new Map<string, MacroDefinition>();
    for (const file of files.macros) {
      const template = collect(errors, () => parseMacros(file, unread));
      for (const macro of template?.macros ?? []) {
        const first = macros.get(macro.name);
        if (first) errors.push(duplicateMacro(macro, first));
        else macros.set(macro.name, macro);
        if (!first) found.push({ macro, packageName, file });
      }
    }
    library.set(packageName, macros);
  }
  return { library: macroLibrary(library, settings), found };
}

/** What a file of macros would make, for when it cannot be parsed. */
const BLOCK_NAME = /\{%-?\s*(?:macro|test|data_test)\s+(\w+)/g;

function parseMacros(file: FoundFile, unread: Unread): Template {
  const text = readProjectText(file);
  try {
    return parseTemplate({ file: file.shownPath, text });
  } catch (error) {
    for (const [, name = ''] of text.matchAll(BLOCK_NAME)) unread.add(name);
    throw error;
  }
}

/** How names find macros: with those that velo ships for the target's adapter. */
function macroLibrary(
  packages: ReadonlyMap<string, MacroTable>,
  { project, target }: Settings,
): MacroLibrary {
  const { name, dispatch } = project.config;
  return {
    packages,
    rootPackage: name,
    internal: globalMacros(target.adapter),
    adapterTypes: [target.adapter],
    dispatch: new Map(
      (dispatch ?? []).map((rule) => [rule.macro_namespace, rule.search_order] as const),
    ),
  };
}

/** The macros as the manifest lists them, with what they call. */
export const macroInfos = (
  found: readonly MacroInFile[],
  library: MacroLibrary,
): readonly MacroInfo[] =>
  found.map(({ macro, packageName, file }) => ({
    name: macro.name,
    packageName,
    path: file.path,
    text: macro.text,
    description: '',
    arguments: argumentNames(macro, file).map((name) => ({ name, type: null, description: '' })),
    meta: {},
    propertiesPath: undefined,
    // A macro that calls itself does not depend on itself: dbt leaves that out.
    macros: calledMacros(macro, library, packageName).filter(
      (id) => id !== `macro.${packageName}.${macro.name}`,
    ),
    ...(macro.kind === 'materialization' ? { languages: languagesOf(macro) } : {}),
  }));

/** As dbt has them: a materialization has one argument, and it does not look at those of tests in `tests/generic`. */
function argumentNames({ kind, parameters }: MacroDefinition, file: FoundFile): readonly string[] {
  if (kind === 'materialization') return ['supported_languages'];
  return file.path.startsWith(`${file.root}/generic/`) ? [] : parameters;
}

const LANGUAGES = /^[^%]*\bsupported_languages\s*=\s*\[([^\]]*)\]/;

function languagesOf({ text }: MacroDefinition): readonly string[] {
  const [, listed] = LANGUAGES.exec(text.slice(2)) ?? [];
  return listed === undefined ? ['sql'] : (listed.match(/\w+/g) ?? []);
}

function duplicateMacro(macro: MacroDefinition, first: MacroDefinition): ProjectError {
  return new ProjectError('duplicate-name', `macro '${macro.name}' exists already`, {
    span: macro.span,
    hint: `the other one stands in ${first.span.file}:${first.span.line}`,
  });
}

/** A package's properties, and how its descriptions are filled in. */
interface Described {
  readonly package: { readonly name: string };
  readonly sources: readonly PropertiesSource[];
  readonly describe: Describe;
}

/** Adds what the `macros:` of YAML say; an entry without a macro is an error. */
export function describeMacros(
  infos: readonly MacroInfo[],
  packages: readonly Described[],
  errors: VeloError[],
): readonly MacroInfo[] {
  const byKey = new Map(infos.map((info) => [`${info.packageName}.${info.name}`, info]));
  for (const one of packages) {
    for (const source of one.sources) {
      for (const [index, entry] of (source.value.macros ?? []).entries()) {
        const info = ['', 'test_']
          .map((prefix) => byKey.get(`${one.package.name}.${prefix}${entry.name}`))
          .find((found) => found !== undefined);
        const span = source.yaml.spanOf(['macros', index, 'name']);
        if (!info) errors.push(unknownMacro(entry.name, infos, span));
        else byKey.set(`${info.packageName}.${info.name}`, describeMacro(info, entry, source, one));
      }
    }
  }
  return [...byKey.values()];
}

type MacroEntry = NonNullable<PropertiesSource['value']['macros']>[number];

function describeMacro(
  info: MacroInfo,
  entry: MacroEntry,
  source: PropertiesSource,
  { describe }: Described,
): MacroInfo {
  const written = (entry.arguments ?? []).map(({ name, type, description }) => ({
    name,
    type: type ?? null,
    description: description ?? '',
  }));
  return {
    ...info,
    description: describe(entry.description, source, ['macros']).description,
    arguments: written.length > 0 ? written : info.arguments,
    meta: entry.meta ?? {},
    propertiesPath: source.path,
  };
}

const unknownMacro = (name: string, infos: readonly MacroInfo[], span: ProjectError['span']) =>
  new ProjectError('unknown-property-target', `there is no macro '${name}'`, {
    span,
    hint: didYouMean(
      name,
      infos.map((info) => info.name),
    ),
  });
