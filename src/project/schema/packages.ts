import * as z from 'zod';
import { flag, optional, text, version } from '../../config/yaml-values.ts';

/** Which keys stand beside the one that says where a package comes from. */
interface Origin {
  readonly required: readonly string[];
  readonly allowed: readonly string[];
}

const GIT = ['revision', 'subdirectory', 'warn-unpinned'];

const ORIGINS: Readonly<Record<string, Origin>> = {
  package: { required: ['version'], allowed: ['install-prerelease'] },
  git: { required: [], allowed: GIT },
  local: { required: [], allowed: [] },
  tarball: { required: ['name'], allowed: ['subdirectory'] },
  private: { required: [], allowed: [...GIT, 'provider'] },
};

const LOCKED: Readonly<Record<string, Origin>> = {
  package: { required: ['version'], allowed: ['name'] },
  git: { required: ['revision'], allowed: ['name', 'subdirectory', 'warn-unpinned'] },
  local: { required: [], allowed: ['name'] },
  tarball: { required: ['name'], allowed: ['subdirectory'] },
  private: {
    required: ['revision'],
    allowed: ['name', 'subdirectory', 'provider', 'warn-unpinned'],
  },
};

/** Exactly one origin, with its own keys: said once for zod and once for JSON Schema. */
function withOrigin(origins: Readonly<Record<string, Origin>>) {
  const names = Object.keys(origins);
  return {
    check(entry: Readonly<Record<string, unknown>>, context: z.core.$RefinementCtx): void {
      const found = names.filter((name) => entry[name] !== undefined);
      const [origin] = found;
      const rule = origins[origin ?? ''];
      const say = (message: string, ...path: string[]) =>
        context.addIssue({ code: 'custom', message, path });
      if (!rule || found.length !== 1) {
        say(`must have one of ${names.join(', ')}`);
        return;
      }
      for (const key of rule.required) {
        if (entry[key] === undefined) say(`is missing beside '${origin}'`, key);
      }
      for (const key of Object.keys(entry)) {
        const fits = [origin, ...rule.required, ...rule.allowed].includes(key);
        if (!fits) say(`cannot stand beside '${origin}'`, key);
      }
    },
    json: {
      oneOf: Object.entries(origins).map(([origin, { required, allowed }]) => ({
        required: [origin, ...required],
        propertyNames: { enum: [origin, ...required, ...allowed] },
      })),
    },
  };
}

const keys = {
  package: z.string().optional().describe('Of the hub: organisation/package.'),
  git: z.string().optional().describe('Address of a git repository.'),
  local: z.string().optional().describe('Folder, relative to the project.'),
  tarball: z.string().optional().describe('Address of a tarball.'),
  private: z.string().optional().describe('Private repository: organisation/repository.'),
  name: z.string().optional().describe("The package's name."),
  revision: version.optional().describe('Tag, branch or commit.'),
  subdirectory: z.string().optional().describe('Folder of the package in the repository.'),
  provider: z.string().optional().describe('github, gitlab or ado.'),
  'warn-unpinned': flag.optional().describe('False: no warning without a revision.'),
};

const wanted = withOrigin(ORIGINS);

const packageEntry = z
  .strictObject({
    ...keys,
    version: z
      .union([z.string(), z.number(), z.array(z.string())])
      .optional()
      .describe("A version, or bounds: ['>=1.0.0', '<2.0.0']."),
    'install-prerelease': flag.optional().describe('True: versions not yet released may be taken.'),
  })
  .superRefine(wanted.check)
  .meta({ id: 'package', title: 'A package', ...wanted.json });

const packages = optional(z.array(packageEntry), 'Packages this project uses.');

/** packages.yml */
export const packagesSchema = z
  .strictObject({ packages })
  .meta({ title: 'packages.yml', description: 'Packages a project uses.' });

/** dependencies.yml: packages, and projects of dbt's service. */
export const dependenciesSchema = z
  .strictObject({
    packages,
    projects: optional(
      z.array(z.strictObject({ name: z.string().describe("The project's name.") })),
      "Projects of dbt's service; kept and not used.",
    ),
  })
  .meta({ title: 'dependencies.yml', description: 'Packages and projects a project uses.' });

const locked = withOrigin(LOCKED);

const lockedPackage = z
  .strictObject({ ...keys, version: version.optional().describe('The version installed.') })
  .superRefine(locked.check)
  .meta({ id: 'lockedPackage', title: 'A package, at one version', ...locked.json });

/** package-lock.yml, written by `deps`. */
export const packageLockSchema = z
  .strictObject({
    packages: z.array(lockedPackage).describe('What was installed.'),
    sha1_hash: optional(text, 'Of the packages asked for: the lock is stale when it differs.'),
  })
  .meta({ title: 'package-lock.yml', description: 'The packages that were installed.' });
