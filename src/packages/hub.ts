import { type Environment, environmentOption } from '../config/environment.ts';
import { collect, ProjectError, type VeloError } from '../core/errors.ts';
import type { Span } from '../core/span.ts';
import { listRefs, type Refs } from './git.ts';
import { parseVersion, type Version } from './versions.ts';

/** The repository of a hub package and what it has. */
export interface HubRepository {
  readonly url: string;
  readonly refs: Refs;
  /** Versions by their tags `1.2.3` or `v1.2.3`. */
  readonly versions: readonly Version[];
}

/** Where repositories of hub packages are: `VELO_PACKAGE_HUB`, else GitHub. */
const hubOf = (environment: Environment): string =>
  (environmentOption(environment, 'PACKAGE_HUB') ?? 'https://github.com').replace(/\/+$/, '');

/**
 * Finds the repository of `organisation/name`. dbt's hub knows each one's; velo tries the spellings in use,
 * so that `dbt-labs/dbt_utils` is `dbt-labs/dbt-utils` and `fivetran/github` is `fivetran/dbt_github`.
 * @throws ProjectError 'package-unavailable' with what git said of the first
 */
export async function findHubRepository(
  name: string,
  environment: Environment,
  span: Span | undefined,
): Promise<HubRepository> {
  const errors: VeloError[] = [];
  const urls = addressesOf(name, hubOf(environment));
  for (const url of urls) {
    const refs = await listRefs({ url, environment, span }).catch((error: unknown) => {
      collect(errors, () => {
        throw error;
      });
    });
    if (refs) return { url, refs, versions: versionsOf(refs) };
  }
  const [first] = errors;
  throw new ProjectError(
    'package-unavailable',
    `hub package ${name} has no repository at ${urls.join(', ')}\n${first?.message ?? ''}`.trim(),
    {
      span,
      hint: 'is the name right? A package that is elsewhere can be listed by its address: git',
    },
  );
}

function addressesOf(name: string, hub: string): readonly string[] {
  const [organisation = '', repository = ''] = name.split('/');
  const dashed = repository.replaceAll('_', '-');
  const spellings = [dashed, repository, `dbt_${repository}`, `dbt-${dashed}`];
  return [...new Set(spellings)].map((one) => `${hub}/${organisation}/${one}`);
}

const versionsOf = (refs: Refs): readonly Version[] =>
  [...refs.keys()].flatMap((ref) => {
    const version = ref.startsWith('refs/tags/') ? parseVersion(ref.slice(10)) : undefined;
    return version ?? [];
  });

/** The commit of a version, under either spelling of its tag. */
export const commitOfVersion = ({ refs }: HubRepository, version: string): string | undefined =>
  refs.get(`refs/tags/${version}`) ?? refs.get(`refs/tags/v${version}`);
