import { type ProjectFile, readProjectFile } from '../config/project-file.ts';
import type { Settings } from '../config/settings.ts';
import { varsOf } from '../config/vars.ts';
import { ProjectError, VeloErrors } from '../core/errors.ts';
import type { ContextScope } from '../jinja/contexts/base-context.ts';
import { discoverProject, type PackageRoot, type ProjectFiles } from './discover-files.ts';
import { locatePackages } from './locate-packages.ts';

/** A package whose files make up the project: the project itself, or one it depends on. */
export interface ProjectPackage extends PackageRoot {
  readonly name: string;
  readonly project: ProjectFile;
  readonly isRoot: boolean;
  readonly files: ProjectFiles;
}

/** The project and the packages it depends on, the project first. @throws ConfigError, VeloErrors */
export async function projectPackages(settings: Settings): Promise<readonly ProjectPackage[]> {
  const { projectDir, project, vars, environment } = settings;
  const root = { rootDir: projectDir, shownPath: '' };
  const packages = [packageAt(root, project, true)];
  const places = await locatePackages({ projectDir, config: project.config, vars, environment });
  for (const place of places) {
    packages.push(packageAt(place, readProjectFile(place.rootDir, place.shownPath), false));
  }
  checkNames(packages);
  return packages;
}

const packageAt = (place: PackageRoot, project: ProjectFile, isRoot: boolean): ProjectPackage => ({
  ...place,
  name: project.config.name,
  project,
  isRoot,
  files: discoverProject(place, project.config),
});

function checkNames(packages: readonly ProjectPackage[]): void {
  const first = new Map<string, ProjectPackage>();
  const errors = packages.flatMap((one) => {
    const twin = first.get(one.name);
    if (!twin) first.set(one.name, one);
    if (!twin) return [];
    return [
      new ProjectError('duplicate-name', `two packages are named '${one.name}'`, {
        span: one.project.yaml.spanOf([], 'name'),
        hint: `the other one is in ${twin.shownPath || 'the project itself'}`,
      }),
    ];
  });
  if (errors.length > 0) throw new VeloErrors(errors);
}

/** What the templates of a package see: the root project's vars win over the package's own. */
export function packageScope(
  { name, project, isRoot }: ProjectPackage,
  { project: rootProject, commandLineVars, vars }: Settings,
  scope: ContextScope,
): ContextScope {
  if (isRoot) return { ...scope, vars };
  const own = varsOf(name, project.config.vars ?? {}, {});
  const root = varsOf(name, rootProject.config.vars ?? {}, commandLineVars);
  return { ...scope, vars: { ...own, ...root } };
}
