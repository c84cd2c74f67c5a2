import { ConfigError } from '../core/errors.ts';
import { readSimpleYaml } from './yaml/simple-yaml.ts';
import { yamlLibrary } from './yaml/whole-yaml.ts';

export type Vars = Readonly<Record<string, unknown>>;

/** The value of --vars: a YAML or JSON mapping, or values by name. @throws ConfigError of code 'usage' */
export function parseVars(given: string | Vars): Vars {
  // Templates know the values of YAML: a date is text, what is undefined is not there.
  if (typeof given !== 'string') return JSON.parse(JSON.stringify(given)) as Vars;
  return parseVarsText(given);
}

function parseVarsText(text: string): Vars {
  if (text === '{}') return {};
  const fail = (reason: string, cause?: unknown) =>
    new ConfigError('usage', `--vars is not a YAML mapping: ${reason}`, {
      hint: "write it as --vars '{name: value}'",
      cause,
    });
  let value: unknown;
  try {
    const simple = readSimpleYaml(text);
    value = simple ? simple.value : yamlLibrary().parse(text);
  } catch (cause) {
    throw fail(
      cause instanceof Error ? cause.message.replace(/ at line \d[\s\S]*$/, '') : String(cause),
      cause,
    );
  }
  if (value === null || value === undefined) return {};
  if (typeof value !== 'object' || Array.isArray(value))
    throw fail(`it is ${JSON.stringify(value)}`);
  return value as Vars;
}

/** dbt's order: command line, the package's own vars in the project file, the project's vars. */
export function varsOf(packageName: string, project: Vars, commandLine: Vars): Vars {
  const scoped = project[packageName];
  const own = scoped !== null && typeof scoped === 'object' && !Array.isArray(scoped) ? scoped : {};
  return { ...project, ...own, ...commandLine };
}
