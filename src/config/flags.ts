import { ConfigError } from '../core/errors.ts';
import { type Environment, environmentOption } from './environment.ts';
import type { ProjectFile } from './project-file.ts';
import { readWarnErrorOptions, type WarnErrorOptions } from './warn-error-options.ts';

/** Settings of how velo itself behaves, whatever the project. */
export interface Flags {
  /** A warning is an error, but for what `warnErrorOptions` say. */
  readonly warnError: boolean;
  readonly warnErrorOptions: WarnErrorOptions;
  /** manifest.json, run_results.json and the other artifacts are written. */
  readonly writeJson: boolean;
  /** What the project says of the versions it needs counts. */
  readonly versionCheck: boolean;
  /** What the last run read may be used again. */
  readonly partialParse: boolean;
  /** What is up to date is not built again; dbt builds it. */
  readonly reuse: boolean;
  /** Rows are tested before they are published; dbt does it the other way round. */
  readonly wap: boolean;
  /** The engine looks at the SQL before anything runs; each command has its own way when undefined. */
  readonly check: boolean | undefined;
  /** References to what is neither selected nor in the target go by an earlier run's manifest. */
  readonly defer: boolean;
  /** With `defer`: also to what is in the target. */
  readonly favorState: boolean;
  /** Where the lines of nodes end; 80 when undefined. */
  readonly printerWidth: number | undefined;
  /** Iterations of all loops of a template; velo's own limit when undefined, as below. */
  readonly maxTemplateLoops: number | undefined;
  /** Macro calls within macro calls. */
  readonly maxTemplateDepth: number | undefined;
  /** Characters a template may write. */
  readonly maxTemplateOutput: number | undefined;
}

/** What the command line says of them. */
export type GivenFlags = { readonly [Name in keyof Flags]?: Flags[Name] | undefined };

/** A value of the environment or of the project file. */
type Written = string | number | boolean | undefined;

/** The command line wins over the environment, that over `flags:` of the project file. @throws ConfigError 'invalid-config', 'usage' */
export function readFlags(
  given: GivenFlags,
  environment: Environment,
  { config, yaml }: ProjectFile,
): Flags {
  const written = (config.flags ?? {}) as Readonly<Record<string, Written>>;
  const find = <T>(name: string, read: (value: Written) => T | undefined): T | undefined => {
    const variable = environmentOption(environment, name.toUpperCase());
    const value = variable ?? written[name];
    if (value === undefined || value === null) return undefined;
    const found = read(value);
    if (found !== undefined) return found;
    const place = variable === undefined ? 'flag' : 'environment variable';
    const span = variable === undefined ? yaml.spanOf(['flags', name]) : undefined;
    const message = `${place} ${name} cannot be '${String(value)}'`;
    throw new ConfigError('invalid-config', message, { span });
  };
  return {
    warnError: given.warnError ?? find('warn_error', toBoolean) ?? false,
    warnErrorOptions: given.warnErrorOptions ?? writtenOptions(environment, written, yaml),
    writeJson: given.writeJson ?? find('write_json', toBoolean) ?? true,
    versionCheck: given.versionCheck ?? find('version_check', toBoolean) ?? true,
    partialParse: given.partialParse ?? find('partial_parse', toBoolean) ?? true,
    reuse: given.reuse ?? find('reuse', toBoolean) ?? true,
    wap: given.wap ?? find('wap', toBoolean) ?? true,
    check: given.check ?? find('check', toBoolean),
    defer: given.defer ?? find('defer', toBoolean) ?? false,
    favorState: given.favorState ?? find('favor_state', toBoolean) ?? false,
    printerWidth: given.printerWidth ?? find('printer_width', toCount),
    maxTemplateLoops: given.maxTemplateLoops ?? find('max_template_loops', toCount),
    maxTemplateDepth: given.maxTemplateDepth ?? find('max_template_depth', toCount),
    maxTemplateOutput: given.maxTemplateOutput ?? find('max_template_output', toCount),
  };
}

const NO_OPTIONS: WarnErrorOptions = { error: [], warn: [], silence: [] };

function writtenOptions(
  environment: Environment,
  written: Readonly<Record<string, unknown>>,
  { spanOf }: ProjectFile['yaml'],
): WarnErrorOptions {
  const variable = environmentOption(environment, 'WARN_ERROR_OPTIONS');
  if (variable !== undefined) return readWarnErrorOptions(variable);
  const value = written['warn_error_options'];
  if (value === undefined || value === null) return NO_OPTIONS;
  return readWarnErrorOptions(value, spanOf(['flags', 'warn_error_options']));
}

/** The words dbt takes for yes and no. */
const WORDS: ReadonlyMap<string, boolean> = new Map([
  ...['true', '1', 't', 'y', 'yes', 'on'].map((word) => [word, true] as const),
  ...['false', '0', 'f', 'n', 'no', 'off'].map((word) => [word, false] as const),
]);

const toBoolean = (value: Written): boolean | undefined => WORDS.get(String(value).toLowerCase());

function toCount(value: Written): number | undefined {
  const count = Number(value);
  return Number.isInteger(count) && count > 0 ? count : undefined;
}
