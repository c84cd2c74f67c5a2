import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MacroTable } from '../jinja/contexts/macro-library.ts';
import { SHIPPED_FOLDER } from '../jinja/shipped-folder.ts';
import { type MacroDefinition, parseTemplate } from '../jinja/template.ts';

/** Beside `src` and `dist` alike. */
const FOLDER = join(import.meta.dirname, '../../global_macros');

/** The macro packages velo ships for an adapter, the one searched first in front. */
export function globalMacros(adapter: string, folder = FOLDER): ReadonlyMap<string, MacroTable> {
  const names = [`dbt_${adapter}`, 'dbt'].filter((name) => existsSync(join(folder, name)));
  return new Map(names.map((name) => [name, lazyMacros(join(folder, name), folder)]));
}

/** Files are searched for names once, when the first macro is asked for, and parsed when one of theirs is. */
function lazyMacros(packageFolder: string, folder: string): MacroTable {
  let texts: ReadonlyMap<string, SourceText> | undefined;
  const parsed = new Map<SourceText, ReadonlyMap<string, MacroDefinition>>();
  const sources = () => {
    texts ??= scan(packageFolder, folder);
    return texts;
  };
  return {
    keys: () => sources().keys(),
    get(name) {
      const source = sources().get(name);
      if (!source) return undefined;
      const macros = parsed.get(source) ?? parse(source);
      parsed.set(source, macros);
      return macros.get(name);
    },
  };
}

interface SourceText {
  readonly file: string;
  readonly text: string;
}

const parse = (source: SourceText): ReadonlyMap<string, MacroDefinition> =>
  new Map(parseTemplate(source).macros.map((macro) => [macro.name, macro]));

const BLOCK =
  /\{%[-+]?\s*(macro|test|data_test|materialization)\s+(\w+)(?:\s*,\s*(?:default|adapter\s*=\s*['"](\w+)['"]))?/g;

function scan(packageFolder: string, folder: string): ReadonlyMap<string, SourceText> {
  const found = new Map<string, SourceText>();
  const paths = readdirSync(packageFolder, { recursive: true, encoding: 'utf8' });
  for (const path of paths.filter((one) => one.endsWith('.sql')).sort()) {
    const absolute = join(packageFolder, path);
    const file = SHIPPED_FOLDER + absolute.slice(folder.length + 1).replaceAll('\\', '/');
    const source: SourceText = { file, text: readFileSync(absolute, 'utf8') };
    for (const [, kind = '', name = '', adapter] of source.text.matchAll(BLOCK)) {
      found.set(macroName(kind, name, adapter), source);
    }
  }
  return found;
}

/** The name a macro has once it is parsed. */
function macroName(kind: string, name: string, adapter: string | undefined): string {
  if (kind === 'macro') return name;
  return kind === 'materialization'
    ? `materialization_${name}_${adapter ?? 'default'}`
    : `test_${name}`;
}
