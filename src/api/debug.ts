import { dirname, resolve } from 'node:path';
import { VeloError } from '../core/errors.ts';
import { type ApiOptions, loadTarget, openWarehouse } from './load-project.ts';

/** One thing `velo debug` looks at; `error` when it is not as it should be. */
export interface DebugCheck {
  readonly name: string;
  readonly value: string;
  readonly error: VeloError | undefined;
}

/** Whether settings can be read and the database answers. @throws VeloErrors when the settings cannot be read */
export async function debug(options: ApiOptions): Promise<readonly DebugCheck[]> {
  const loaded = await loadTarget(options);
  const { settings, adapter, adapterSettings } = loaded;
  const { project, target } = settings;
  const facts: DebugCheck[] = [
    fact('project', `${project.config.name} (${project.yaml.file})`),
    fact('profile', target.profileName),
    fact('target', `${target.name} (${adapter.name}, schema ${adapterSettings.schema})`),
    fact('database', adapter.describe(adapterSettings)),
    fact('threads', String(adapterSettings.threads)),
  ];
  try {
    await using warehouse = await openWarehouse(loaded);
    const [row] = await warehouse.use((connection) =>
      connection.query('select version() as version'),
    );
    return [...facts, fact('connection', `answers (${String(row?.['version'])})`)];
  } catch (error) {
    if (!(error instanceof VeloError)) throw error;
    return [...facts, { name: 'connection', value: 'does not answer', error }];
  }
}

/** Folder of the profiles.yml that is read. @throws VeloErrors when the settings cannot be read */
export async function profilesFolder(options: ApiOptions): Promise<string> {
  const { settings } = await loadTarget(options);
  const file = settings.target.spanOf([])?.file;
  // The built-in profile is in no file.
  return file === undefined ? settings.projectDir : dirname(resolve(settings.projectDir, file));
}

const fact = (name: string, value: string): DebugCheck => ({ name, value, error: undefined });
