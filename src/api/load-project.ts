import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Adapter, AdapterSettings, Warehouse } from '../adapters/adapter.ts';
import { adapters } from '../adapters/index.ts';
import { MEMORY_ENGINE, memoryTarget } from '../adapters/memory-target.ts';
import { type Environment, environmentVariable, readEnvironment } from '../config/environment.ts';
import type { Target } from '../config/profile.ts';
import {
  loadSettings,
  type RenderYaml,
  type Settings,
  type SettingsOptions,
} from '../config/settings.ts';
import { didYouMean } from '../core/did-you-mean.ts';
import { ConfigError, collect, type VeloError, VeloErrors } from '../core/errors.ts';

import type { Emit } from '../core/events.ts';
import { issueText, type SchemaIssue } from '../core/schema-issue.ts';
import { buildGraph } from '../graph/build-graph.ts';
import type { ContextScope, InvocationFlags } from '../jinja/contexts/base-context.ts';
import { type Project, type ResolvedProject, readProject } from '../project/read-project.ts';
import { type EarlierOptions, warnOfOwnState } from './earlier-folder.ts';
import { targetSettings } from './target-settings.ts';
import { templateLimits } from './template-limits.ts';
import { timed } from './timed.ts';
import { type Waiting, waitForLock } from './wait-for-lock.ts';
import { refusingWarnings, type Warn, warner } from './warn.ts';
import { warnOfDeprecatedModels } from './warn-of-deprecated-models.ts';
import { warnOfOldPaths } from './warn-of-old-paths.ts';
import { warnOfUnfilteredInputs } from './warn-of-unfiltered-inputs.ts';
import { warnOfUnusedConfig } from './warn-of-unused-config.ts';

/** A warning and dbt's name of it. */
export interface Notice {
  readonly name: string;
  readonly message: string;
}

/** What every use case takes. */
export interface ApiOptions extends SettingsOptions, EarlierOptions {
  /** Told of what happens, at once; it must not throw. Nobody is told when absent. */
  readonly emit?: Emit | undefined;
  /** The environment; the process's own when absent. */
  readonly environment?: Environment | undefined;
  /** Warnings of what was asked for, told before those of the project. */
  readonly notices?: readonly Notice[] | undefined;
  /** What the command line says, for templates that ask. */
  readonly flags?: InvocationFlags | undefined;
  /** How long to wait for a database that another process holds; not at all when absent. */
  readonly waitMs?: number | undefined;
  /** An empty database in memory stands in the place of the target, which is not opened. */
  readonly inMemory?: boolean | undefined;
  /** Aborted: running statements are cancelled and rolled back, artifacts still written; a wait ends. */
  readonly signal?: AbortSignal | undefined;
  /** Epoch milliseconds; the system clock when absent. */
  readonly now?: (() => number) | undefined;
}

/** A project that was read without fault. */
export interface LoadedProject extends Project, ResolvedProject, LoadedTarget {
  readonly scope: ContextScope;
  readonly emit: Emit;
  readonly invocationId: string;
  readonly startedAt: number;
  readonly now: () => number;
  /** Tells of something that may be a mistake. @throws ConfigError 'warn-error' where warnings are errors */
  readonly warn: Warn;
}

/** Where a target is, before the project's files are read. */
export interface LoadedTarget {
  readonly settings: Settings;
  readonly adapter: Adapter;
  readonly adapterSettings: AdapterSettings;
  readonly waiting: Waiting;
}

/** Only a profile has templates here, and the template language takes its time to load. */
const renderYaml: RenderYaml = async (...args) =>
  (await import('../project/render-yaml.ts')).renderYaml(...args);

/** For who does not listen. */
export const unheard: Emit = () => {};

/** Reads settings and profile. @throws ConfigError, VeloErrors */
export async function loadTarget(options: ApiOptions): Promise<LoadedTarget> {
  const environment = options.environment ?? readEnvironment();
  const given = await loadSettings(options, environment, renderYaml);
  const settings = options.inMemory ? ofEngineInMemory(given) : given;
  const adapter = await findAdapter(settings.target);
  const { waitMs = 0, signal, emit = unheard } = options;
  const waiting = { waitMs, signal, emit };
  return {
    settings,
    adapter,
    adapterSettings: parseSettings(adapter, settings, options.cwd),
    waiting,
  };
}

/** The project as it is for a target of the engine in memory; where it is such a target, it is read in no other light. */
function ofEngineInMemory(settings: Settings): Settings {
  const { target } = settings;
  if (target.adapter === MEMORY_ENGINE) return settings;
  const made = { adapter: MEMORY_ENGINE, settings: memoryTarget(target.settings) };
  return { ...settings, target: { ...target, ...made } };
}

/** Where a run goes that leaves the target alone. */
const emptyDatabase = ({ adapter, adapterSettings, settings }: LoadedTarget) => ({
  ...adapter.parseSettings(memoryTarget(settings.target.settings)),
  threads: adapterSettings.threads,
});

/** Settings, project and graph; `inline` is a query to be read as one more model. @throws VeloErrors with all faults of the project */
export async function loadProject(options: ApiOptions, inline?: string): Promise<LoadedProject> {
  const { now = Date.now, emit = unheard } = options;
  const startedAt = now();
  const invocationId = randomUUID();
  const target = await timed('settings', emit, () => loadTarget(options));
  const { settings, adapter, adapterSettings } = target;
  const warn = warner(emit, settings.flags);
  for (const { name, message } of options.notices ?? []) warn(message, undefined, name);
  const scope: ContextScope = {
    projectName: settings.project.config.name,
    vars: settings.vars,
    readEnvironment: (name) => environmentVariable(settings.environment, name),
    target: {
      name: settings.target.name,
      profileName: settings.target.profileName,
      type: adapter.name,
      schema: adapterSettings.schema,
      database: adapterSettings.database,
      threads: adapterSettings.threads,
      longestName: adapter.dialect.capabilities.longestName,
      settings: targetSettings(settings.target.settings),
    },
    readRun: (key) => (key === 'invocationId' ? invocationId : new Date(startedAt).toISOString()),
    readFlags: () => options.flags ?? { which: '', flags: {}, args: {} },
    warn,
    behavior: settings.project.config.flags ?? undefined,
    limits: templateLimits(settings.flags),
  };
  const read = await timed('read', emit, () => readProject(settings, scope, inline));
  const project = settings.flags.warnError ? withoutWarnings(read) : read;
  const resolved = await timed('graph', emit, () =>
    checkedProject(project, settings, warn, startedAt),
  );
  warnOfOwnState(options, settings, warn);
  const { printerWidth } = settings.flags;
  emit({ type: 'project-read', manifest: project.manifest, printerWidth });
  return {
    ...project,
    ...resolved,
    ...target,
    ...(options.inMemory ? { adapterSettings: emptyDatabase(target) } : {}),
    scope,
    emit,
    invocationId,
    startedAt,
    now,
    warn,
  };
}

/** Tests that would warn fail; the graph holds the same nodes. */
function withoutWarnings(project: Project): Project {
  const manifest = refusingWarnings(project.manifest);
  const resolve = (): ResolvedProject => ({
    graph: buildGraph(manifest, project.isUnread),
    deprecated: project.resolve().deprecated,
  });
  return { ...project, manifest, resolve };
}

/** The graph of a project without faults. Warnings are told first. @throws VeloErrors with all faults, by place */
function checkedProject(
  { manifest, errors, resolve }: Project,
  { project }: Settings,
  warn: Warn,
  now: number,
): ResolvedProject {
  const faults = [...errors];
  for (const { message, span, name } of manifest.warnings)
    collect(faults, () => warn(message, span, name));
  collect(faults, () => warnOfOldPaths(project, warn));
  const resolved = collect(faults, resolve);
  if (resolved) {
    collect(faults, () => warnOfDeprecatedModels(resolved, now, warn));
    collect(faults, () => warnOfUnfilteredInputs(resolved.graph, warn));
  }
  if (errors.length === 0) collect(faults, () => warnOfUnusedConfig(project, manifest, warn));
  if (resolved && faults.length === 0) return resolved;
  throw new VeloErrors(faults.sort(byPlace));
}

/** Those without a place first; those of one line in the order they were found. */
function byPlace({ span: a }: VeloError, { span: b }: VeloError): number {
  if (!a || !b) return Number(a !== undefined) - Number(b !== undefined);
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line;
}

async function findAdapter(target: Target): Promise<Adapter> {
  const known = adapters.all().map(({ name }) => name);
  if (known.includes(target.adapter)) return adapters.get(target.adapter).load();
  throw new ConfigError('unknown-name', `unknown adapter '${target.adapter}'`, {
    span: target.spanOf([], 'type'),
    hint: `type can be ${known.join(', ')}`,
  });
}

interface SchemaFault {
  readonly issues: readonly (SchemaIssue & {
    readonly path: readonly PropertyKey[];
    readonly keys?: readonly string[];
  })[];
}

/** The adapter checks its own keys; its faults are shown at their place in profiles.yml. */
function parseSettings(
  adapter: Adapter,
  { target, threads }: Settings,
  cwd: string | undefined,
): AdapterSettings {
  try {
    const parsed = adapter.parseSettings(target.settings, cwd);
    return threads === undefined ? parsed : { ...parsed, threads };
  } catch (error) {
    const { issues } = error as Partial<SchemaFault>;
    if (!issues) throw error;
    const fault = (text: string, path: readonly string[], key?: string) =>
      new ConfigError('invalid-config', `target '${target.name}': ${text}`, {
        span: target.spanOf(path, key),
        hint: key === undefined ? undefined : keyHint(key, adapter.settingKeys(path)),
      });
    throw new VeloErrors(
      issues.flatMap((issue) => {
        const path = issue.path.map(String);
        if (issue.keys) return issue.keys.map((key) => fault(`unknown key '${key}'`, path, key));
        return [fault(`${path.join('.')} ${issueText(issue)}`.trim(), path)];
      }),
    );
  }
}

const keyHint = (key: string, known: readonly string[]): string | undefined =>
  didYouMean(key, known) ?? (known.length > 0 ? `known keys: ${known.join(', ')}` : undefined);

/** Opens the database, waiting for it when asked to; the folder of the default one is made. @throws DatabaseError */
export async function openWarehouse(target: LoadedTarget): Promise<Warehouse> {
  const { settings, adapter, adapterSettings, waiting } = target;
  await mkdir(settings.targetDir, { recursive: true });
  return timed('connect', waiting.emit, () =>
    waitForLock(() => adapter.open(adapterSettings), waiting),
  );
}

/** Opens the database for a command that writes nothing: one that others read can be read too. @throws DatabaseError */
export async function openToRead(target: LoadedTarget): Promise<Warehouse> {
  const { adapter, adapterSettings, waiting } = target;
  const opened = await waitForLock(() => adapter.openToRead(adapterSettings), waiting);
  return opened ?? openWarehouse(target);
}

/** Where velo keeps the state of a target between runs. */
export const snapshotFile = ({ settings }: Pick<LoadedTarget, 'settings'>): string =>
  join(settings.targetDir, `state.${settings.target.name}.json`);
