import type { RelationInfo, Warehouse } from '../adapters/adapter.ts';
import { ConfigError, VeloError } from '../core/errors.ts';
import type { Node } from '../core/node.ts';
import type { Relation } from '../core/relation.ts';
import { existingType } from '../transfer/table-end.ts';
import { type ApiOptions, type LoadedProject, loadProject, openToRead } from './load-project.ts';

export interface DiffTarget extends ApiOptions {
  /** Another target of the profile, or another schema of this one. */
  readonly to: string | undefined;
}

/** Both sides, opened to be read. */
export interface DiffEnds extends AsyncDisposable {
  readonly here: Warehouse;
  readonly there: Warehouse;
  readonly target: LoadedProject;
  isHere(node: Node): boolean;
  isThere(node: Node): boolean;
  relationThere(node: Node): Relation | undefined;
}

/** @throws VeloError, VeloErrors, also ConfigError 'usage' where `to` is neither a target nor a schema with models */
export async function openDiffEnds(
  project: LoadedProject,
  options: DiffTarget,
  nodes: readonly Node[],
): Promise<DiffEnds> {
  const { target, relationThere } = await otherSide(project, options);
  const here = await openToRead(project);
  const there = target === project ? here : await openOther(target, here);
  const cancel = () => {
    here.interrupt();
    there.interrupt();
  };
  options.signal?.addEventListener('abort', cancel);
  const isIn = (found: readonly RelationInfo[], relation: Relation | undefined): boolean =>
    relation !== undefined && existingType(relation, found) !== undefined;
  const close = async () => {
    options.signal?.removeEventListener('abort', cancel);
    await here[Symbol.asyncDispose]();
    if (there !== here) await there[Symbol.asyncDispose]();
  };
  try {
    const found = await here.listRelations(schemasIn(nodes.map(({ relation }) => relation)));
    const other = await there.listRelations(schemasIn(nodes.map(relationThere)));
    if (target === project && !nodes.some((node) => isIn(other, relationThere(node)))) {
      throw notThere(options.to, project);
    }
    return {
      here,
      there,
      target,
      relationThere,
      isHere: ({ relation }) => isIn(found, relation),
      isThere: (node) => isIn(other, relationThere(node)),
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openOther(target: LoadedProject, here: Warehouse): Promise<Warehouse> {
  try {
    return await openToRead(target);
  } catch (error) {
    await here[Symbol.asyncDispose]();
    throw error;
  }
}

const schemasIn = (relations: readonly (Relation | undefined)[]): string[] => [
  ...new Set(relations.flatMap((relation) => (relation ? [relation.schema] : []))),
];

const notThere = (to: string | undefined, { settings, adapterSettings }: LoadedProject) =>
  new ConfigError(
    'usage',
    `'${to}' is no target of profile '${settings.target.profileName}', and no schema with models beside '${adapterSettings.schema}'`,
    { hint: 'velo diff --to <target or schema>' },
  );

interface OtherSide {
  readonly target: LoadedProject;
  readonly relationThere: (node: Node) => Relation | undefined;
}

/** A target's own relations; of a schema, those of this target moved to it. @throws ConfigError 'usage' */
async function otherSide(here: LoadedProject, options: DiffTarget): Promise<OtherSide> {
  const { to } = options;
  const place = here.adapterSettings.schema;
  if (to === undefined || to === here.settings.target.name || to === place) {
    const message =
      to === undefined ? '--to is needed' : `--to ${to} is what is to be compared with it`;
    throw new ConfigError('usage', message, { hint: 'velo diff --to <target or schema>' });
  }
  try {
    const target = await loadProject({ ...options, target: to });
    return { target, relationThere: ({ id }) => target.graph.nodes.get(id)?.relation };
  } catch (error) {
    if (!(error instanceof VeloError) || error.code !== 'target-not-found') throw error;
  }
  const relationThere = ({ relation }: Node) =>
    relation && { ...relation, schema: schemaThere(relation.schema, place, to) };
  return { target: here, relationThere };
}

/** `main` is `dev` there, and `main_marts` is `dev_marts`, as dbt names schemas. */
function schemaThere(schema: string, place: string, to: string): string {
  const isBeneath = schema === place || schema.startsWith(`${place}_`);
  return isBeneath ? `${to}${schema.slice(place.length)}` : schema;
}
