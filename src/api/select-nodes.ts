import type { Emit } from '../core/events.ts';
import type { NodeId } from '../core/node.ts';
import type { IndirectSelection } from '../graph/indirect-selection.ts';
import type { DueNodes } from '../graph/match-due.ts';
import type { EarlierRun } from '../graph/match-state.ts';
import { select } from '../graph/select.ts';
import { defaultSelector } from '../graph/yaml-selector.ts';
import { type EarlierOptions, stateFolder } from './earlier-folder.ts';
import { earlierRun } from './earlier-run.ts';
import type { LoadedProject } from './load-project.ts';
import { manifestValues } from './manifest-values.ts';

export interface SelectOptions {
  readonly select?: readonly string[] | undefined;
  /** Old name of `select`. */
  readonly models?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  /** A name of selectors.yml, in place of `select` and `exclude`. */
  readonly selector?: string | undefined;
  /** Which tests come with selected nodes; `eager` when absent. */
  readonly indirectSelection?: IndirectSelection | undefined;
  /** Dates to build, for `interval:`. */
  readonly due?: DueNodes | undefined;
}

/** The selected nodes; criteria that match nothing are told of, as dbt does. @throws ConfigError */
export function selectNodes(
  project: LoadedProject,
  options: SelectOptions & EarlierOptions,
): ReadonlySet<NodeId> {
  const { graph, manifest, warn } = project;
  const { select: named = [], models = [], exclude = [], indirectSelection } = options;
  const include = [...named, ...models];
  const definitions = manifest.selectors;
  const selector = chosenSelector(definitions, { ...options, select: include }, project.emit);
  const { selected, unmatched } = select(graph, {
    select: include,
    exclude,
    selector,
    definitions,
    indirectSelection,
    earlier: earlierOf(project, options),
    due: options.due,
  });
  for (const criterion of unmatched) {
    const message = `The selection criterion '${criterion}' does not match any enabled nodes`;
    warn(message, undefined, 'NoNodesForSelectionCriteria');
  }
  return selected;
}

function earlierOf(project: LoadedProject, options: EarlierOptions): EarlierRun | undefined {
  const { targetDir } = project.settings;
  const folder = stateFolder(options, project.settings);
  if (folder === undefined) return undefined;
  const { describe } = manifestValues(project);
  return earlierRun(folder, { macros: project.manifest.macros, entryOf: describe, targetDir });
}

/** The one that was named or, where nothing was selected, the default one of selectors.yml. */
function chosenSelector(
  definitions: Readonly<Record<string, unknown>>,
  { select = [], exclude = [], selector }: SelectOptions,
  emit: Emit,
): string | undefined {
  const isSelected = select.length > 0 || exclude.length > 0;
  if (selector === undefined && isSelected) return undefined;
  const name = selector ?? defaultSelector(definitions);
  if (selector === undefined && name !== undefined) {
    emit({ type: 'message', message: `Using default selector ${name}` });
  }
  return name;
}
