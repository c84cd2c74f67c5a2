import { didYouMean } from '../../core/did-you-mean.ts';
import { ConfigError, ProjectError } from '../../core/errors.ts';
import type { Span } from '../../core/span.ts';
import { macroReturn } from '../signals.ts';
import {
  bindArguments,
  type JinjaFunction,
  jinjaFunction,
  toPlain,
  toText,
  toValue,
  type Value,
} from '../value.ts';
import { recordValue } from './record-value.ts';

/** What templates know of the target; never its secrets. */
export interface TargetInfo {
  readonly name: string;
  readonly profileName: string;
  readonly type: string;
  readonly schema: string;
  readonly database: string | undefined;
  readonly threads: number;
}

/** What every phase's context shares. */
export interface ContextScope {
  readonly projectName: string;
  readonly vars: Readonly<Record<string, unknown>>;
  /** An environment variable, undefined when it is not set. */
  readEnvironment(name: string): string | undefined;
  readonly target: TargetInfo | undefined;
  /** What is new in every run: its id, and its start in ISO 8601, UTC. */
  readRun(key: 'invocationId' | 'startedAt'): string;
  warn(message: string, span: Span): void;
}

type Names = Readonly<Record<string, Value>>;

/** Names that files of settings see as well: vars and environment only. */
export function settingsNames({
  vars,
  readEnvironment,
}: Pick<ContextScope, 'vars' | 'readEnvironment'>): Names {
  return { var: varFunction(vars), env_var: envVarFunction(readEnvironment) };
}

/** Names of every phase, under dbt's names. */
export function baseNames(scope: ContextScope): Names {
  return {
    ...settingsNames(scope),
    ...UTILITIES,
    project_name: scope.projectName,
    // Read only when a template asks: what is new in every run keeps a project from being cached.
    get invocation_id() {
      return scope.readRun('invocationId');
    },
    get run_started_at() {
      return scope.readRun('startedAt');
    },
    ...(scope.target ? { target: targetValue(scope.target) } : {}),
    log: jinjaFunction('log', () => ''),
    exceptions: recordValue('exceptions', {
      raise_compiler_error: jinjaFunction('raise_compiler_error', (call) => {
        const { message } = bindArguments(call, ['message'], 'raise_compiler_error');
        throw new ProjectError('macro-error', toText(message), { span: call.span });
      }),
      warn: jinjaFunction('warn', (call) => {
        const { message } = bindArguments(call, ['message'], 'warn');
        scope.warn(toText(message), call.span);
        return '';
      }),
    }),
  };
}

function varFunction(vars: Readonly<Record<string, unknown>>): JinjaFunction {
  return jinjaFunction('var', (call) => {
    const given = bindArguments(call, ['name', 'default?'], 'var');
    const name = toText(given['name']);
    if (Object.hasOwn(vars, name)) return toValue(vars[name]);
    if ('default' in given && given['default'] !== undefined) return given['default'];
    throw new ConfigError('var-missing', `var '${name}' is not set and has no default`, {
      span: call.span,
      hint:
        didYouMean(name, Object.keys(vars)) ??
        `set it with --vars '{${name}: …}' or under vars: in the project file`,
    });
  });
}

function envVarFunction(readEnvironment: ContextScope['readEnvironment']): JinjaFunction {
  return jinjaFunction('env_var', (call) => {
    const given = bindArguments(call, ['name', 'default?'], 'env_var');
    const name = toText(given['name']);
    const value = readEnvironment(name);
    if (value !== undefined) return value;
    if (given['default'] !== undefined && given['default'] !== null)
      return toText(given['default']);
    throw new ConfigError('env-var-missing', `environment variable ${name} is not set`, {
      span: call.span,
      hint: `set it, or give a default: env_var('${name}', '…')`,
    });
  });
}

const targetValue = (target: TargetInfo) =>
  recordValue('target', {
    name: target.name,
    target_name: target.name,
    profile_name: target.profileName,
    type: target.type,
    schema: target.schema,
    database: target.database ?? null,
    dbname: target.database ?? null,
    threads: target.threads,
  });

const UTILITIES: Names = {
  return: jinjaFunction('return', (call) => {
    const { data } = bindArguments(call, ['data?'], 'return');
    return macroReturn(data ?? null);
  }),
  tojson: jinjaFunction('tojson', (call) => {
    const { value } = bindArguments(call, ['value', 'default?', 'sort_keys?'], 'tojson');
    return JSON.stringify(toPlain(value));
  }),
  fromjson: jinjaFunction('fromjson', (call) => {
    const { value } = bindArguments(call, ['value', 'default?'], 'fromjson');
    return toValue(JSON.parse(toText(value)));
  }),
};
