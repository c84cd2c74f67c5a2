import type { Settings } from '../config/settings.ts';
import type { Manifest } from '../core/node.ts';
import type { ContextScope } from '../jinja/contexts/base-context.ts';
import { textDigest } from './cache/file-states.ts';
import type { ReadResult } from './cache/make-index.ts';
import { type ParsedProject, type ParseOptions, parseProject } from './parse-project.ts';
import type { ProjectPackage } from './project-packages.ts';
import { createReadLog } from './read-log.ts';
import { recordEnvironment } from './record-environment.ts';

/** A project, or a part of it, with a record of what it was read in the light of. */
export interface RecordedProject extends Omit<ParsedProject, 'manifest'> {
  readonly manifest: Manifest;
  /** False: what all files are read with is new in every run. */
  readonly isKeepable: boolean;
  readonly read: Omit<ReadResult, 'listings'>;
}

export interface RecordRequest {
  readonly settings: Settings;
  readonly scope: ContextScope;
  readonly packages: readonly ProjectPackage[];
}

/** Reads files as parseProject does, and notes what they are read in the light of. */
export async function parseRecorded(
  { settings, scope, packages }: RecordRequest,
  options: Omit<ParseOptions, 'log'>,
): Promise<RecordedProject> {
  const log = createReadLog(textDigest);
  const recorded = recordEnvironment(scope, log.fresh);
  const parsed = await parseProject(settings, recorded.scope, packages, { ...options, log });
  return {
    ...parsed,
    manifest: { ...parsed.manifest, warnings: recorded.warnings() },
    isKeepable: !log.isAllFresh(),
    read: { environment: recorded.environment(), reads: log.reads(), digests: log.texts() },
  };
}
