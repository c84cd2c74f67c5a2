import type { Settings } from '../config/settings.ts';
import { VeloError, VeloErrors } from '../core/errors.ts';
import type { Manifest } from '../core/node.ts';
import type { ContextScope } from '../jinja/contexts/base-context.ts';
import { textDigest } from './cache/file-states.ts';
import type { ReadResult } from './cache/make-index.ts';
import { type ParseOptions, parseProject } from './parse-project.ts';
import type { ProjectPackage } from './project-packages.ts';
import { createReadLog } from './read-log.ts';
import { recordEnvironment } from './record-environment.ts';

/** A project, or a part of it, that is read with a record of what it is read in the light of. */
export interface RecordedParse {
  /** @throws VeloErrors with every fault of every file */
  parse(options: Omit<ParseOptions, 'log'>): Promise<Manifest>;
  /** Undefined when there is a fault; warnings are kept back. */
  parseQuietly(options: Omit<ParseOptions, 'log'>): Promise<QuietlyParsed | undefined>;
  /** False: what all files are read with is new in every run. */
  isKeepable(): boolean;
  read(): Omit<ReadResult, 'listings'>;
}

export interface QuietlyParsed {
  readonly manifest: Manifest;
  tellWarnings(): void;
}

export function parseRecorded({
  settings,
  scope,
  packages,
}: {
  readonly settings: Settings;
  readonly scope: ContextScope;
  readonly packages: readonly ProjectPackage[];
}): RecordedParse {
  const log = createReadLog(textDigest);
  let warn = scope.warn;
  const recorded = recordEnvironment({ ...scope, warn: (...args) => warn(...args) }, log.fresh);
  const parse: RecordedParse['parse'] = (options) =>
    parseProject(settings, recorded.scope, packages, { ...options, log });
  return {
    parse,
    async parseQuietly(options) {
      const warnings: Parameters<ContextScope['warn']>[] = [];
      warn = (...args) => warnings.push(args);
      try {
        const manifest = await parse(options);
        return {
          manifest,
          tellWarnings() {
            for (const one of warnings) scope.warn(...one);
          },
        };
      } catch (error) {
        if (error instanceof VeloError || error instanceof VeloErrors) return undefined;
        throw error;
      }
    },
    isKeepable: () => !log.isAllFresh(),
    read: () => ({
      environment: recorded.environment(),
      reads: log.reads(),
      digests: log.texts(),
    }),
  };
}
