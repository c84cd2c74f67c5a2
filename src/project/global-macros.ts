import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MacroTable } from '../jinja/contexts/macro-library.ts';
import { SHIPPED_FOLDER } from '../jinja/shipped-folder.ts';
import { type MacroDefinition, parseTemplate } from '../jinja/template.ts';

/** Beside `src` and `dist` alike. */
const FOLDER = join(import.meta.dirname, '../../global_macros');

/** Names of macros by package and file, written by `npm run macros`: reading all files for them takes long. */
const INDEX = 'index.json';

/** Names by file, the path relative to the package's folder. */
type PackageIndex = Readonly<Record<string, readonly string[]>>;

/** The macro packages velo ships for an adapter, the one searched first in front. */
export function globalMacros(adapter: string, folder = FOLDER): ReadonlyMap<string, MacroTable> {
  const names = [`dbt_${adapter}`, 'dbt'].filter((name) => existsSync(join(folder, name)));
  let index: Readonly<Record<string, PackageIndex>> | undefined;
  const indexOf = (name: string): PackageIndex => {
    index ??= readIndex(folder);
    return index[name] ?? scan(join(folder, name));
  };
  return new Map(names.map((name) => [name, lazyMacros(name, folder, () => indexOf(name))]));
}

/** All packages of a folder, from their files. */
export function indexMacros(folder = FOLDER): Readonly<Record<string, PackageIndex>> {
  const entries = readdirSync(folder, { withFileTypes: true }).filter((one) => one.isDirectory());
  const names = entries.map(({ name }) => name).sort();
  return Object.fromEntries(names.map((name) => [name, scan(join(folder, name))]));
}

function readIndex(folder: string): Readonly<Record<string, PackageIndex>> {
  const file = join(folder, INDEX);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

/** The index is read when the first macro is asked for, a file when one of its macros is. */
function lazyMacros(name: string, folder: string, index: () => PackageIndex): MacroTable {
  let byName: ReadonlyMap<string, string> | undefined;
  const parsed = new Map<string, ReadonlyMap<string, MacroDefinition>>();
  const files = () => {
    byName ??= new Map(
      Object.entries(index()).flatMap(([file, macros]) =>
        macros.map((macro) => [macro, file] as const),
      ),
    );
    return byName;
  };
  return {
    keys: () => files().keys(),
    get(macro) {
      const path = files().get(macro);
      if (path === undefined) return undefined;
      const macros = parsed.get(path) ?? parse(join(folder, name, path), `${name}/${path}`);
      parsed.set(path, macros);
      return macros.get(macro);
    },
  };
}

function parse(absolute: string, shown: string): ReadonlyMap<string, MacroDefinition> {
  const source = { file: SHIPPED_FOLDER + shown, text: readFileSync(absolute, 'utf8') };
  return new Map(parseTemplate(source).macros.map((macro) => [macro.name, macro]));
}

const BLOCK =
  /\{%[-+]?\s*(macro|test|data_test|materialization)\s+(\w+)(?:\s*,\s*(?:default|adapter\s*=\s*['"](\w+)['"]))?/g;

function scan(packageFolder: string): PackageIndex {
  const paths = readdirSync(packageFolder, { recursive: true, encoding: 'utf8' });
  const files = paths.filter((one) => one.endsWith('.sql')).sort();
  return Object.fromEntries(
    files.map((file) => {
      const text = readFileSync(join(packageFolder, file), 'utf8');
      const names = [...text.matchAll(BLOCK)].map(([, kind = '', name = '', adapter]) =>
        macroName(kind, name, adapter),
      );
      return [file.replaceAll('\\', '/'), names];
    }),
  );
}

/** The name a macro has once it is parsed. */
function macroName(kind: string, name: string, adapter: string | undefined): string {
  if (kind === 'macro') return name;
  return kind === 'materialization'
    ? `materialization_${name}_${adapter ?? 'default'}`
    : `test_${name}`;
}
