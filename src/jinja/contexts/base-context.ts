import { didYouMean } from '../../core/did-you-mean.ts';
import { ConfigError, ProjectError } from '../../core/errors.ts';
import { isSecretName } from '../../core/secret-names.ts';
import type { Span } from '../../core/span.ts';
import { DBT_VERSION } from '../../core/versions.ts';
import type { Limits } from '../limits.ts';
import {
  bindArguments,
  type JinjaFunction,
  type JinjaObject,
  jinjaFunction,
  toText,
  toValue,
  type Value,
} from '../value.ts';
import { parseAdapter } from './adapter-value.ts';
import type { TypeNames } from './column-value.ts';
import { exceptionsValue } from './exceptions-value.ts';
import { isoDateTime } from './modules/datetime-text.ts';
import { modulesValue } from './modules/modules.ts';
import { recordValue, signedFunctions } from './record-value.ts';
import { apiValue, lazily, TEMPLATE_FUNCTIONS } from './run-names.ts';
import { UTILITIES } from './utility-names.ts';

/** What templates know of the target; never its secrets. */
export interface TargetInfo {
  readonly name: string;
  readonly profileName: string;
  readonly type: string;
  readonly schema: string;
  readonly database: string | undefined;
  readonly threads: number;
  /** Bytes of the longest name of a relation; any when absent. */
  readonly longestName?: number | undefined;
  /** The target's other keys, without passwords and tokens. */
  readonly settings?: Readonly<Record<string, unknown>> | undefined;
}

/** What the command line says, as templates see it. */
export interface InvocationFlags {
  /** The command: `run`, `run-operation`. */
  readonly which: string;
  /** Other flags under dbt's names in capitals: `FULL_REFRESH`. */
  readonly flags: Readonly<Record<string, unknown>>;
  /** Arguments of the command line under dbt's names. */
  readonly args: Readonly<Record<string, unknown>>;
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
  /** What the command line says; it may be another one every time. */
  readFlags?(): InvocationFlags;
  /** `name`: dbt's of the event. */
  warn(message: string, span: Span, name?: string): void;
  /** `flags:` of the project file; some say how macros behave. */
  readonly behavior?: Readonly<Record<string, unknown>> | undefined;
  /** What a render may use, where that is not the default. */
  readonly limits?: Partial<Limits> | undefined;
  /** The text of a docs block, by name or by package and name. */
  readDoc?(path: readonly string[]): string | undefined;
}

type Names = Readonly<Record<string, Value>>;

/** What profiles and lists of packages see: vars and environment only, its secrets among it. */
export function settingsNames({
  vars,
  readEnvironment,
}: Pick<ContextScope, 'vars' | 'readEnvironment'>): Names {
  return { var: varFunction(vars), env_var: envVarFunction(readEnvironment, true) };
}

const known = new WeakMap<ContextScope, Names>();

/** Names of every phase, under dbt's names. Made once for a scope. */
export function baseNames(scope: ContextScope): Names {
  const names = known.get(scope) ?? makeNames(scope);
  known.set(scope, names);
  return names;
}

function makeNames(scope: ContextScope): Names {
  const { target } = scope;
  const lazy = lazily();
  const flags = () => scope.readFlags?.() ?? { which: '', flags: {}, args: {} };
  return {
    ...UTILITIES,
    ...TEMPLATE_FUNCTIONS,
    var: varFunction(scope.vars),
    env_var: envVarFunction(scope.readEnvironment, false),
    project_name: scope.projectName,
    dbt_version: DBT_VERSION,
    thread_id: 'Thread-1',
    dbt_metadata_envs: new Map(),
    // Read only when a template asks: what is new in every run keeps a project from being cached.
    get invocation_id() {
      return scope.readRun('invocationId');
    },
    get run_started_at() {
      return isoDateTime(scope.readRun('startedAt'));
    },
    get flags() {
      return flagsValue(flags());
    },
    get invocation_args_dict() {
      return toValue(flags().args);
    },
    // A dict, as in dbt; templates may change theirs.
    get target() {
      return target && targetValue(target);
    },
    get adapter() {
      return lazy('adapter', () => parseAdapter(target?.type ?? '', scope.behavior));
    },
    get api() {
      return lazy('api', () => apiValue(PLAIN_TYPES));
    },
    get modules() {
      return lazy('modules', () => modulesValue(() => Date.parse(scope.readRun('startedAt'))));
    },
    get graph() {
      return toValue(NO_GRAPH);
    },
    get doc() {
      return lazy('doc', () => docFunction(scope));
    },
    model: new Map(),
    selected_resources: [],
    exceptions: exceptionsValue(scope.warn),
    ...WITHOUT_DATABASE,
  };
}

/** Sections of the manifest that macros walk through; a project that is being parsed has none yet. */
const NO_GRAPH = {
  nodes: {},
  sources: {},
  exposures: {},
  metrics: {},
  groups: {},
  semantic_models: {},
  saved_queries: {},
  functions: {},
};

/** Speech and results while a project is parsed: nothing is said, and nothing is known. */
const WITHOUT_DATABASE: Names = signedFunctions({
  log: ['msg info?', () => ''],
  print: ['msg', () => ''],
  store_result: ['name response? agate_table?', () => ''],
  store_raw_result: ['name message? code? rows_affected? agate_table?', () => ''],
  load_result: ['name', () => null],
});

const PLAIN_TYPES: TypeNames = {
  textType: (size) => (size === undefined ? 'text' : `character varying(${size})`),
  numericType: (name, precision, scale) =>
    precision === undefined || scale === undefined ? name : `${name}(${precision},${scale})`,
  translateType: (name) => name,
};

function docFunction({ readDoc }: ContextScope): JinjaFunction {
  return jinjaFunction('doc', (call) => {
    const path = call.args.map(toText);
    const text = readDoc?.(path);
    if (text !== undefined) return text;
    throw new ProjectError('unknown-name', `there is no docs block '${path.join('.')}'`, {
      span: call.span,
    });
  });
}

const FLAG_DEFAULTS: Readonly<Record<string, unknown>> = {
  FULL_REFRESH: false,
  STORE_FAILURES: false,
  WARN_ERROR: false,
  FAIL_FAST: false,
  DEBUG: false,
  QUIET: false,
  PRINT: true,
  USE_COLORS: true,
  VERSION_CHECK: true,
  PARTIAL_PARSE: true,
  STATIC_PARSER: true,
  WRITE_JSON: true,
  CACHE_SELECTED_ONLY: false,
  EMPTY: false,
  INDIRECT_SELECTION: 'eager',
};

function flagsValue({ which, flags }: InvocationFlags): JinjaObject {
  const all = { ...FLAG_DEFAULTS, ...flags, WHICH: which };
  return recordValue(
    'Flags',
    Object.fromEntries(Object.entries(all).map(([name, value]) => [name, toValue(value)])),
  );
}

function varFunction(vars: Readonly<Record<string, unknown>>): JinjaObject {
  const methods = signedFunctions({
    has_var: ['var_name', ({ var_name }) => Object.hasOwn(vars, toText(var_name))],
  });
  return {
    jinjaType: 'Var',
    getAttribute: (name) => (Object.hasOwn(methods, name) ? methods[name] : undefined),
    toString: () => '<Var>',
    call(call) {
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
    },
  };
}

function envVarFunction(
  readEnvironment: ContextScope['readEnvironment'],
  seesSecrets: boolean,
): JinjaFunction {
  return jinjaFunction('env_var', (call) => {
    const given = bindArguments(call, ['name', 'default?'], 'env_var');
    const name = toText(given['name']);
    if (!seesSecrets && isSecretName(name)) throw secretVariable(name, call.span);
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

/** What a template reads stands in compiled SQL, in the database and in files: a secret may not get there. */
const secretVariable = (name: string, span: Span): ConfigError =>
  new ConfigError(
    'secret-env-var',
    `environment variable ${name} is secret: only profiles.yml and packages.yml may read it`,
    {
      span,
      hint: 'if it is no secret, give it a name that does not begin with DBT_ENV_SECRET or VELO_SECRET',
    },
  );

function targetValue(target: TargetInfo): ReadonlyMap<string, Value> {
  const settings = Object.entries(target.settings ?? {}).map(
    ([name, value]) => [name, toValue(value)] as const,
  );
  return new Map<string, Value>([
    ...settings,
    ['name', target.name],
    ['target_name', target.name],
    ['profile_name', target.profileName],
    ['type', target.type],
    ['schema', target.schema],
    ['database', target.database ?? null],
    ['dbname', target.database ?? null],
    ['threads', target.threads],
  ]);
}
