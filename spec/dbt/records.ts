import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What dbt was recorded to do; kept outside of the repository. */
export const RECORDS = fileURLToPath(new URL('../../../shared/reference/dbt/', import.meta.url));

export const hasRecords = existsSync(RECORDS);
export const SHOP = join(RECORDS, 'project');

/** One call of dbt. `args` starts with the command. */
export interface Invocation {
  readonly n: number;
  readonly name: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly scenario: string;
}

/** A step of a scenario; `op: 'dbt'` is a call whose record is named `file`. */
export interface Step {
  readonly op: 'write' | 'replace' | 'remove' | 'restore' | 'copy' | 'sql' | 'save' | 'dbt';
  readonly path?: string;
  readonly text?: string;
  readonly old?: string;
  readonly new?: string;
  readonly id?: string;
  readonly n?: number;
  readonly args?: readonly string[];
  /** Of `save`: the name of what is saved. */
  readonly name?: string;
  readonly src?: string;
  readonly dst?: string;
  readonly sql?: readonly string[];
  /** Whether rows/ has all relations after the call. */
  readonly rows?: boolean;
  readonly file?: string;
}

export interface Scenario {
  readonly name: string;
  readonly starts_from: string;
  /** Target of the profile. */
  readonly target: 'duck' | 'pg';
  readonly steps: readonly Step[];
}

export interface RecordedRelation {
  readonly kind: string;
  readonly columns: readonly (readonly [name: string, type: string])[];
  readonly rows: readonly (readonly unknown[])[];
}

const read = (path: string): string => readFileSync(join(RECORDS, path), 'utf8');

/** All calls by their number. */
export function readInvocations(): ReadonlyMap<number, Invocation> {
  const lines = read('invocations.jsonl').trimEnd().split('\n');
  return new Map(
    lines.map((line) => {
      const call: Invocation = JSON.parse(line);
      return [call.n, call];
    }),
  );
}

/** All scenarios, that which prepares the others first. */
export const readScenarios = (): readonly Scenario[] => JSON.parse(read('scenarios.json'));

/** @throws Error when there is no such scenario */
export function readScenario(name: string): readonly Step[] {
  const found = readScenarios().find((scenario) => scenario.name === name);
  if (!found) throw new Error(`scenario '${name}' was not recorded`);
  return found.steps;
}

export const readManifest = (step: '013-parse' | '021-build-first'): Record<string, unknown> =>
  JSON.parse(read(`artifacts/${step}/manifest.json`));

/** run_results.json of a step. */
export const readRunResults = (step: string): Record<string, unknown> =>
  JSON.parse(read(`artifacts/${step}/run_results.json`));

/** Relations after a step by `schema.name`. */
export const readRelations = (step: string): Readonly<Record<string, RecordedRelation>> =>
  JSON.parse(read(`rows/${step}.json`));

/** Files of target/compiled after a step, by their paths below it. */
export const readCompiled = (step: string): ReadonlyMap<string, string> =>
  readTree(join(RECORDS, 'sql', step, 'compiled'));

/** Texts of all files below a folder by their paths below it; none when there is no such folder. */
export function readTree(folder: string): ReadonlyMap<string, string> {
  if (!existsSync(folder)) return new Map();
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return new Map(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [file.slice(folder.length + 1), readFileSync(file, 'utf8')]),
  );
}
